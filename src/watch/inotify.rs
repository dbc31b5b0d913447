//! The listening thread on Linux: inotify(7), and the mount table, which wakes who polls it.
//!
//! The one rule that keeps anything from being lost: a folder is watched first and listed (or
//! handed out to be looked through) afterwards. What happened before is then seen by looking,
//! what happens later is reported.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

use super::{Event, Heard, IsMedium, POLL, Setup, Teller};
use crate::error::{Error, Result};
use crate::place::read_mounts;

/// What is asked for of a watched folder.
const FOLDER: WatchFlags = WatchFlags::CLOSE_WRITE
    .union(WatchFlags::CREATE)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::DELETE)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::EXCL_UNLINK)
    .union(WatchFlags::ONLYDIR);
/// What is asked for of a folder in which a lost one may come back.
const ABOVE: WatchFlags =
    WatchFlags::CREATE.union(WatchFlags::MOVED_TO).union(WatchFlags::ONLYDIR).union(WatchFlags::MASK_ADD);
/// File systems that the kernel makes up.
const MADE_UP: [&str; 3] = ["/proc", "/sys", "/dev"];
/// Bytes read of the kernel's queue at a time.
const BUFFER: usize = 256 << 10;

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    stop: OwnedFd,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    pub(super) fn start(setup: Setup, teller: Teller) -> Result<Listener> {
        let refused =
            |limit: &str, e: Errno| Error::Io { path: Path::new("/proc/sys/fs/inotify").join(limit), source: e.into() };
        let queue = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)
            .map_err(|e| refused("max_user_instances", e))?;
        let stop = eventfd(0, EventfdFlags::CLOEXEC).map_err(|e| refused("max_user_instances", e))?;
        let stopped = stop.try_clone().map_err(|source| Error::Io { path: "eventfd".into(), source })?;
        let mounts = setup.mount_table.map(MountTable::new);
        let mut tree = Tree {
            queue,
            folders: HashMap::new(),
            numbers: BTreeMap::new(),
            roots: setup.folders,
            lost: Vec::new(),
            above: Vec::new(),
            unwatched: Vec::new(),
            clock: setup.clock,
            media: setup.media,
            teller,
        };
        for root in tree.roots.clone() {
            let opened = std::fs::read_dir(&root).map(drop);
            opened.map_err(|source| Error::Io { path: root.clone(), source })?;
            tree.add(&root, Listing::Watch);
        }
        let thread = std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || tree.run(&stopped, mounts))
            .map_err(|source| Error::Io { path: "thread".into(), source })?;
        Ok(Listener { stop, thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Fails only when the counter is full, and then the thread is awake anyway.
        let _ = rustix::io::write(&self.stop, &1u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The mount table and what it said last.
struct MountTable {
    path: PathBuf,
    file: Option<std::fs::File>,
    points: Vec<PathBuf>,
}

impl MountTable {
    fn new(path: PathBuf) -> MountTable {
        let file = std::fs::File::open(&path).ok();
        MountTable { path, file, points: Vec::new() }
    }

    fn read(&self) -> crate::place::Mounts {
        read_mounts(&std::fs::read(&self.path).unwrap_or_default())
    }
}

/// Why a folder is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// It has just appeared: what is below it is handed out, unless it was watched already.
    Appeared,
    /// It is only watched; somebody else looks through it.
    Watch,
}

struct Tree {
    queue: OwnedFd,
    /// Watched folders by the kernel's number.
    folders: HashMap<i32, PathBuf>,
    numbers: BTreeMap<PathBuf, i32>,
    roots: Vec<PathBuf>,
    /// Roots that are not there now.
    lost: Vec<PathBuf>,
    /// Folders above them that are watched for their return.
    above: Vec<i32>,
    /// Folders that the system would not watch; none inside another.
    unwatched: Vec<PathBuf>,
    clock: fn() -> Instant,
    media: Option<IsMedium>,
    teller: Teller,
}

/// One event, taken out of the kernel's buffer.
struct Noted {
    folder: i32,
    kind: ReadFlags,
    name: Option<std::ffi::OsString>,
}

impl Tree {
    fn run(mut self, stop: &OwnedFd, mut mounts: Option<MountTable>) {
        let mut buffer = vec![MaybeUninit::uninit(); BUFFER];
        if let Some(table) = &mut mounts {
            self.mounts_changed(table, true);
        }
        let mut polled = (self.clock)();
        loop {
            let timeout = (!self.unwatched.is_empty())
                .then(|| rustix::event::Timespec { tv_sec: POLL.as_secs().cast_signed(), tv_nsec: 0 });
            let table = mounts.as_ref().and_then(|table| table.file.as_ref());
            let mut wanted = vec![PollFd::new(stop, PollFlags::IN), PollFd::new(&self.queue, PollFlags::IN)];
            wanted.extend(table.map(|file| PollFd::new(file, PollFlags::PRI | PollFlags::ERR)));
            let woken = poll(&mut wanted, timeout.as_ref());
            let happened: Vec<bool> = wanted.iter().map(|fd| !fd.revents().is_empty()).collect();
            drop(wanted);
            match woken {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
            if happened.first() == Some(&true) {
                return;
            }
            let now = (self.clock)();
            if !self.unwatched.is_empty() && now.saturating_duration_since(polled) >= POLL {
                polled = now;
                self.poll_unwatched();
            }
            self.drain(&mut buffer);
            if happened.get(2) == Some(&true)
                && let Some(table) = &mut mounts
            {
                self.mounts_changed(table, false);
            }
        }
    }

    /// Empties the kernel's queue.
    fn drain(&mut self, buffer: &mut [MaybeUninit<u8>]) {
        loop {
            let mut noted = Vec::new();
            let fd = self.queue.as_fd();
            let mut reader = inotify::Reader::new(fd, buffer);
            let ended = loop {
                match reader.next() {
                    Ok(event) => noted.push(Noted {
                        folder: event.wd(),
                        kind: event.events(),
                        name: event.file_name().map(|name| OsStr::from_bytes(name.to_bytes()).to_owned()),
                    }),
                    Err(Errno::INTR) => {}
                    Err(_) => break true,
                }
                if reader.is_buffer_empty() {
                    break false;
                }
            };
            noted.into_iter().for_each(|event| self.note(&event));
            if ended {
                return;
            }
        }
    }

    fn note(&mut self, event: &Noted) {
        if event.kind.contains(ReadFlags::QUEUE_OVERFLOW) {
            return self.overflow();
        }
        if !self.lost.is_empty() && event.kind.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO) {
            self.look_for_lost();
        }
        let Some(folder) = self.folders.get(&event.folder).cloned() else { return };
        if event.kind.contains(ReadFlags::IGNORED) {
            self.folders.remove(&event.folder);
            if self.numbers.get(&folder) == Some(&event.folder) {
                self.numbers.remove(&folder);
            }
            return self.check_root(&folder);
        }
        if event.kind.intersects(ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::UNMOUNT) {
            return self.check_root(&folder);
        }
        let Some(name) = &event.name else { return };
        let path = folder.join(name);
        if event.kind.contains(ReadFlags::ISDIR) {
            if event.kind.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO) {
                self.add(&path, Listing::Appeared);
            } else if event.kind.contains(ReadFlags::MOVED_FROM) {
                self.forget(&path);
            }
            return;
        }
        if event.kind.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::MOVED_TO) {
            self.teller.tell(Heard::Finished(path));
        } else if event.kind.contains(ReadFlags::CREATE) {
            // A second name of a finished file is never written or closed.
            match std::fs::symlink_metadata(&path) {
                Ok(data) if data.is_file() && data.nlink() > 1 => self.teller.tell(Heard::Finished(path)),
                Ok(data) if data.is_file() => self.teller.tell(Heard::Begun(path)),
                _ => {}
            }
        } else if event.kind.intersects(ReadFlags::DELETE | ReadFlags::MOVED_FROM) {
            self.teller.tell(Heard::Left(path));
        }
    }

    /// Watches a folder and all below it.
    fn add(&mut self, top: &Path, listing: Listing) {
        let mut stack = vec![top.to_owned()];
        let mut any_new = false;
        while let Some(folder) = stack.pop() {
            if MADE_UP.iter().any(|made_up| folder == Path::new(made_up)) {
                continue;
            }
            let root = self.roots.contains(&folder);
            let flags = if root { FOLDER } else { FOLDER | WatchFlags::DONT_FOLLOW };
            match inotify::add_watch(&self.queue, &folder, flags) {
                Ok(number) => {
                    let known = self.folders.insert(number, folder.clone());
                    self.numbers.insert(folder.clone(), number);
                    if known.as_ref() == Some(&folder) && listing == Listing::Appeared {
                        // Met while its parent was added, and handed out with it.
                        continue;
                    }
                    any_new = true;
                }
                Err(Errno::NOSPC) => {
                    self.unwatchable(&folder);
                    any_new = true;
                    continue;
                }
                // Gone again, or exchanged for a link or file.
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => continue,
                Err(e) => {
                    self.refused(&folder, &e.into());
                    continue;
                }
            }
            match std::fs::read_dir(&folder) {
                Ok(entries) => {
                    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
                    stack.extend(folders.map(|entry| entry.path()));
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => self.refused(&folder, &e),
            }
        }
        if any_new && listing == Listing::Appeared {
            self.teller.tell(Heard::Tree(top.to_owned()));
        }
    }

    fn refused(&mut self, folder: &Path, error: &std::io::Error) {
        let reason = crate::error::Problem::from_io(error).what;
        self.teller.tell(Heard::Event(Event::Refused(folder.to_owned(), reason)));
    }

    fn unwatchable(&mut self, folder: &Path) {
        if self.unwatched.iter().any(|known| folder.starts_with(known)) {
            return;
        }
        if self.unwatched.is_empty() {
            self.teller.tell(Heard::Event(Event::Limit(folder.to_owned())));
        }
        self.unwatched.retain(|known| !known.starts_with(folder));
        self.unwatched.push(folder.to_owned());
    }

    /// What the system does not watch is looked through; what is gone is not looked for any more.
    fn poll_unwatched(&mut self) {
        self.unwatched.retain(|folder| folder.is_dir());
        for folder in self.unwatched.clone() {
            self.teller.tell(Heard::Tree(folder));
        }
    }

    /// A folder was moved away: what happens in it is not ours any more.
    fn forget(&mut self, top: &Path) {
        let below: Vec<PathBuf> = self
            .numbers
            .range(top.to_owned()..)
            .map(|(path, _)| path)
            // Whole names, in byte-wise order: all that is inside stands together but for names
            // that continue the folder's own (`a-b` between `a` and `a/c`).
            .take_while(|path| path.as_os_str().as_bytes().starts_with(top.as_os_str().as_bytes()))
            .filter(|path| path.starts_with(top))
            .cloned()
            .collect();
        for path in below {
            if let Some(number) = self.numbers.remove(&path) {
                self.folders.remove(&number);
                // Gone already if the folder was deleted meanwhile.
                let _ = inotify::remove_watch(&self.queue, number);
            }
        }
    }

    /// Events were lost: every folder is watched again, and everything is looked through.
    fn overflow(&mut self) {
        for root in self.roots.clone() {
            self.add(&root, Listing::Watch);
        }
        self.teller.tell(Heard::Event(Event::Overflow));
    }

    /// Something has happened to a folder itself. If it is a root and no longer where it was, it
    /// is waited for.
    fn check_root(&mut self, folder: &Path) {
        if !self.roots.iter().any(|root| root == folder) || self.lost.iter().any(|lost| lost == folder) {
            return;
        }
        self.forget(folder);
        self.lost.push(folder.to_owned());
        self.teller.tell(Heard::Event(Event::Gone(folder.to_owned())));
        self.look_for_lost();
    }

    /// Roots that are back are watched; for the others the nearest folder above them is, in which
    /// the next part of their path can appear.
    fn look_for_lost(&mut self) {
        for root in std::mem::take(&mut self.lost) {
            // Watched first and looked for afterwards, so that it cannot slip in between.
            for above in root.ancestors().skip(1) {
                if let Ok(number) = inotify::add_watch(&self.queue, above, ABOVE) {
                    self.above.push(number);
                    break;
                }
            }
            if root.is_dir() {
                self.teller.tell(Heard::Event(Event::Back(root.clone())));
                self.add(&root, Listing::Appeared);
            } else {
                self.lost.push(root);
            }
        }
        if self.lost.is_empty() {
            for number in std::mem::take(&mut self.above) {
                if !self.folders.contains_key(&number) {
                    let _ = inotify::remove_watch(&self.queue, number);
                }
            }
        }
    }

    /// Something was mounted or unmounted.
    fn mounts_changed(&mut self, table: &mut MountTable, at_start: bool) {
        let mounts = table.read();
        let points: Vec<PathBuf> = mounts.all().iter().map(|mount| mount.point.clone()).collect();
        let before = std::mem::replace(&mut table.points, points);
        if !at_start && before != table.points {
            self.teller.tell(Heard::Event(Event::Mounts));
        }
        // A medium that was taken out is no folder that is waited for: it may come back elsewhere.
        let out: Vec<PathBuf> = before.into_iter().filter(|point| !table.points.contains(point)).collect();
        let is_out = |root: &PathBuf| out.contains(root) && !root.is_dir();
        self.lost.retain(|root| !is_out(root));
        self.roots.retain(|root| !is_out(root));
        for mount in mounts.all() {
            let point = &mount.point;
            let watched = self.roots.iter().any(|root| point.starts_with(root));
            if watched {
                // Something lies over a watched folder now, or no longer.
                if !at_start && self.is_other(point) {
                    self.add(point, Listing::Appeared);
                }
            } else if self.media.as_ref().is_some_and(|is_medium| is_medium(mount)) {
                self.roots.push(point.clone());
                self.teller.tell(Heard::Event(Event::Mounted(point.clone())));
                self.add(point, Listing::Appeared);
            }
        }
    }

    /// Is the folder at this path another than the one that is watched under it?
    fn is_other(&self, folder: &Path) -> bool {
        // The kernel gives a watched folder the number it has.
        match inotify::add_watch(&self.queue, folder, FOLDER) {
            Ok(number) => self.folders.get(&number).map(PathBuf::as_path) != Some(folder),
            Err(_) => false,
        }
    }
}
