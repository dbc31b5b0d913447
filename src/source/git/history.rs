//! Every blob of a repository and every message of its commits and tags, once each, in the order
//! of its packs; whether anything leads to them or not.
//!
//! Names and commits are not known here: an item is named by its object's id, and [`introduced`]
//! tells later where those come from in which something was found.
//!
//! [`introduced`]: super::introduced

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::batch::Streamed;
use super::large_files::pointer;
use super::message::message;
use super::pack::{Content, Kind};
use super::store::Store;
use super::{Git, Id};
use crate::chunk::Origin;
use crate::error::{Error, Problem, Result};
use crate::source::{Body, Item, Source};

/// Bytes decoded ahead in one parcel, and parcels ahead.
const PARCEL: usize = 1 << 20;
const PARCELS: usize = 8;

/// What the name of a message's item ends with; before it stands the id.
const MESSAGE: &str = " message";

/// The objects of a repository as a source. A thread of its own decodes them.
#[derive(Debug)]
pub struct Objects {
    parcels: Receiver<Vec<Item>>,
    waiting: VecDeque<Item>,
    decoder: JoinHandle<Outline>,
}

/// What there was.
#[derive(Debug, Default)]
pub struct Outline {
    /// Files' contents.
    pub blobs: u64,
    /// Commits and tags, whose messages were looked at.
    pub messages: u64,
    /// All of their ids.
    pub met: HashSet<Id>,
    /// Those of commits.
    pub commits: Vec<Id>,
    /// Blobs that stand for large files kept elsewhere (Git LFS).
    pub pointers: Vec<Id>,
}

impl Objects {
    /// Opens a repository, bare or not.
    pub fn open(git: &Git) -> Result<Objects> {
        let hash = match &*git.ask(&["rev-parse", "--show-object-format"])? {
            b"sha256" => 32,
            _ => 20,
        };
        let objects = git.ask_path(&["rev-parse", "--git-path", "objects"])?;
        let (send, parcels) = sync_channel(PARCELS);
        let git = git.clone();
        let decoder = std::thread::Builder::new()
            .name("objects".to_owned())
            .spawn(move || produce(&git, objects, hash, &send))
            .map_err(|e| Error::Git(e.to_string()))?;
        Ok(Objects { parcels, waiting: VecDeque::new(), decoder })
    }

    /// What there was, once all is handed out.
    pub fn finish(self) -> Result<Outline> {
        drop(self.parcels);
        self.decoder.join().map_err(|_| Error::Git("reading the packs failed inside; please report it".to_owned()))
    }

    /// The object that an item's name stands for, and whether it is a message.
    pub fn id_of(origin: &Origin) -> Option<(Id, bool)> {
        let name = origin.path.to_str()?;
        match name.strip_suffix(MESSAGE) {
            Some(id) => Some((Id::from_hex(id)?, true)),
            None => Some((Id::from_hex(name)?, false)),
        }
    }
}

impl Source for Objects {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        if self.waiting.is_empty()
            && let Ok(parcel) = self.parcels.recv()
        {
            self.waiting.extend(parcel);
        }
        items.extend(self.waiting.drain(..most.min(self.waiting.len())));
    }
}

/// Decodes all objects and sends them off in parcels.
fn produce(git: &Git, objects: PathBuf, hash: usize, send: &SyncSender<Vec<Item>>) -> Outline {
    let mut outline = Outline::default();
    let mut parcel = Vec::new();
    let mut bytes = 0;
    let mut faults: Vec<(PathBuf, Problem)> = Vec::new();
    let store = Store::open(objects, hash, &mut |path, problem| faults.push((path, problem)));
    let mut more_faults = Vec::new();
    let mut visit = |id: Id, kind: Kind, content: Content| {
        let is_message = kind != Kind::Blob;
        *(if is_message { &mut outline.messages } else { &mut outline.blobs }) += 1;
        if kind == Kind::Commit {
            outline.commits.push(id);
        }
        let (name, body) = match content {
            Content::Bytes(object) if is_message => (format!("{id}{MESSAGE}"), Body::Bytes(message(&object).to_vec())),
            Content::Bytes(blob) => {
                if pointer(&blob).is_some() {
                    outline.pointers.push(id);
                }
                (id.to_string(), Body::Bytes(blob))
            }
            Content::TooLong => (id.to_string(), Body::Stream(Box::new(Streamed::new(git, id)))),
            Content::Broken(problem) => (id.to_string(), Body::Failed(problem)),
        };
        if let Body::Bytes(content) = &body {
            bytes += content.len();
        }
        parcel.push(Item { origin: Origin::file(PathBuf::from(name)), body });
        if bytes < PARCEL && parcel.len() < 256 {
            return true;
        }
        bytes = 0;
        send.send(std::mem::take(&mut parcel)).is_ok()
    };
    outline.met = store.walk(&mut visit, &mut |path, problem| more_faults.push((path, problem)));
    faults.append(&mut more_faults);
    parcel.extend(
        faults.into_iter().map(|(path, problem)| Item { origin: Origin::file(path), body: Body::Failed(problem) }),
    );
    // Nobody listens any more if the scan was stopped.
    let _ = send.send(parcel);
    outline
}
