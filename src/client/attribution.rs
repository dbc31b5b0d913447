//! Whose a file is: by the folder it lies in, the domain it was downloaded from, words in it.
//!
//! A ledger → [`Clients`], made once and asked for every file. Judges by paths, addresses and text
//! that are handed in; reads nothing.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Ledger;
use super::marker::{Kind, Markers, forms};
use crate::text::Reader;

/// What says that a file is a client's, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// It lies in the client's workspace.
    Workspace,
    /// It was downloaded from the client's domain.
    Download,
    /// It holds a passage of a document that the client provided.
    Document,
    /// It holds a record that the client provided.
    Record,
    /// A name, code or domain of the client stands in it.
    Marker,
}

impl By {
    /// Every one.
    pub const ALL: [By; 5] = [By::Workspace, By::Download, By::Document, By::Record, By::Marker];

    /// The name in the database and in output.
    pub fn name(self) -> &'static str {
        &self.reason()["client:".len()..]
    }

    /// As a finding's reason.
    pub fn reason(self) -> &'static str {
        match self {
            By::Workspace => "client:workspace",
            By::Download => "client:download",
            By::Document => "client:document",
            By::Record => "client:record",
            By::Marker => "client:marker",
        }
    }

    /// The one of a name.
    pub fn of(name: &str) -> Option<By> {
        By::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// A file is this client's, by this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    /// The client's id.
    pub client: Arc<str>,
    /// What says so.
    pub by: By,
    /// How often, in this file.
    pub times: u64,
}

/// All clients, ready to be asked.
#[derive(Debug)]
pub struct Clients {
    ids: Vec<Arc<str>>,
    /// Folder → client.
    workspaces: HashMap<Vec<u8>, usize>,
    /// The lengths of those folders' names, the longest last.
    lengths: BTreeSet<usize>,
    domains: HashMap<String, usize>,
    markers: Option<Markers>,
    definition: String,
    /// Files that name every client and are nobody's: the ledger itself.
    own: Vec<PathBuf>,
    base: PathBuf,
}

impl Clients {
    /// Everything that the ledger says of clients; `None` if there is none. `base` is what relative
    /// paths are relative to; `real` says where a folder really is (links followed); `own` are
    /// files of this program that name clients.
    pub fn new(
        ledger: &Ledger,
        base: &Path,
        real: &dyn Fn(&Path) -> Option<PathBuf>,
        own: Vec<PathBuf>,
    ) -> Option<Clients> {
        if ledger.is_empty() {
            return None;
        }
        let (mut workspaces, mut domains, mut words) = (HashMap::new(), HashMap::new(), Vec::new());
        let mut hasher = blake3::Hasher::new();
        for (number, client) in ledger.clients.iter().enumerate() {
            for folder in &client.workspaces {
                let other = real(folder);
                for folder in other.iter().chain([folder]) {
                    workspaces.insert(folder.as_os_str().as_encoded_bytes().to_vec(), number);
                    hasher.update(b"w").update(folder.as_os_str().as_encoded_bytes()).update(b"\n");
                }
            }
            domains.extend(client.domains.iter().map(|domain| (domain.clone(), number)));
            for name in client.names.iter().chain(&client.aliases) {
                words.extend(forms(name).into_iter().map(|form| (form, number, Kind::Name)));
            }
            words.extend(client.codes.iter().map(|code| (code.clone(), number, Kind::Code)));
            words.extend(client.domains.iter().map(|domain| (domain.clone(), number, Kind::Domain)));
            hasher.update(
                format!("{} {:?}\n", client.id, (&client.names, &client.aliases, &client.domains, &client.codes))
                    .as_bytes(),
            );
        }
        Some(Clients {
            ids: ledger.clients.iter().map(|client| client.id.as_str().into()).collect(),
            lengths: workspaces.keys().map(Vec::len).collect(),
            workspaces,
            domains,
            markers: Markers::new(words),
            definition: hasher.finalize().to_hex()[..32].to_owned(),
            own,
            base: base.to_owned(),
        })
    }

    /// A client's id.
    pub fn id(&self, client: usize) -> &Arc<str> {
        &self.ids[client]
    }

    /// A client's number.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|known| &**known == id)
    }

    /// Tells what is looked for from what was looked for under an earlier ledger: words, domains
    /// and folders, not dates or people.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// A path made absolute, without `.` and `..`.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        absolute(&self.base, path)
    }

    /// Is it a file of this program that names clients?
    pub fn is_own(&self, path: &Path) -> bool {
        self.own.iter().any(|own| own == path)
    }

    /// The client in whose workspace an absolute path lies; of one inside another the inner.
    pub fn of_path(&self, path: &Path) -> Option<usize> {
        self.of_bytes(path.as_os_str().as_encoded_bytes())
    }

    /// The same, for a path's bytes.
    pub fn of_bytes(&self, path: &[u8]) -> Option<usize> {
        let below = |&&length: &&usize| path.get(length).is_some_and(|b| *b == b'/' || cfg!(windows) && *b == b'\\');
        self.lengths.iter().rev().filter(below).find_map(|&length| self.workspaces.get(&path[..length]).copied())
    }

    /// Every workspace with its client.
    pub fn workspaces(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.workspaces.iter().map(|(folder, client)| (folder.as_slice(), *client))
    }

    /// The client whose domain (or a subdomain of it) an address is of.
    pub fn of_address(&self, address: &str) -> Option<usize> {
        let host = address.split_once("://").map_or(address, |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().to_lowercase();
        let mut rest = host.trim_end_matches('.');
        loop {
            if let Some(client) = self.domains.get(rest) {
                return Some(*client);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// Does any client have a domain?
    pub fn has_domains(&self) -> bool {
        !self.domains.is_empty()
    }

    /// The clients whose words stand in the name of a file.
    pub fn of_name(&self, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        if let Some(markers) = &self.markers {
            let mut reader = Reader::default();
            reader.begin(name.as_bytes());
            let text = reader.read(name.as_bytes(), 0).bytes;
            markers.find(text, 0..text.len(), &mut |mark| {
                if !found.contains(&mark.client) {
                    found.push(mark.client);
                }
            });
        }
        found
    }

    /// The words of all clients.
    pub fn markers(&self) -> Option<&Markers> {
        self.markers.as_ref()
    }
}

/// A path from `base`, without `.` and `..`: what lies in `~/work/acme/../globex` is not acme's.
pub fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut full = PathBuf::new();
    for part in base.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                full.pop();
            }
            part => full.push(part),
        }
    }
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients() -> Clients {
        let ledger = Ledger::parse(
            "x",
            "[[client]]\nid = 'acme'\nnames = ['株式会社アクメ']\ndomains = ['acme.example']\nworkspaces = ['/w/acme']\n\
             [[client]]\nid = 'globex'\nworkspaces = ['/w/acme/globex', '/g']\n",
            None,
        );
        Clients::new(&ledger.expect("fine"), Path::new("/w"), &|_| None, Vec::new()).expect("clients")
    }

    #[test]
    fn folders_and_domains() {
        let clients = clients();
        for (path, expected) in [
            ("/w/acme/a", Some(0)),
            ("/w/acme", None),
            ("/w/acme-b/a", None),
            ("/w/acme/globex/a/b", Some(1)),
            ("/w/acme/globexx/a", Some(0)),
            ("/g/a", Some(1)),
            ("/", None),
        ] {
            assert_eq!(clients.of_path(Path::new(path)), expected, "{path}");
        }
        for (address, expected) in [
            ("https://files.acme.example/a?b", Some(0)),
            ("https://u:p@ACME.example:8443/", Some(0)),
            ("https://acme.example.org/", None),
            ("https://notacme.example/", None),
            ("", None),
        ] {
            assert_eq!(clients.of_address(address), expected, "{address}");
        }
        assert_eq!(clients.of_name("（株）アクメ_見積.xlsx"), [0]);
        assert_eq!(clients.absolute(Path::new("./acme/../b/./c")), Path::new("/w/b/c"));
    }

    #[test]
    fn evidence_has_names() {
        assert!(By::ALL.into_iter().all(|by| By::of(by.name()) == Some(by)));
    }
}
