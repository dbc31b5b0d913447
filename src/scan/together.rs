//! One large input on several threads: the thread that has it reads ahead, all search, and it makes
//! findings of what was seen, window by window in their order.
//!
//! What a window's search finds depends on what stands above the window (the heading of a table), and
//! that is known for certain only when the windows before it are done. So it is taken to be what it
//! was; where that turns out wrong and mattered, the window is searched once more. The findings are
//! those of one thread, whatever the timing.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::mpsc::{Receiver, channel};

use super::crew::Page;
use super::file::File;
use super::window::Window;
use super::worker::{Pass, Worker};
use crate::chunk::Origin;
use crate::detect::Asked;
use crate::error::{Problem, ProblemKind};
use crate::text::Reader;

/// Windows under way for each thread that takes part.
const EACH: usize = 2;

impl Worker<'_> {
    /// Looks at the rest of an input, all that comes behind the window that `before` has read.
    pub(super) fn together(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        (window, reader): (&mut Window, &Reader),
        pass: &mut Pass<'_>,
    ) -> Result<(), Problem> {
        let owner = self.crew.owner();
        let (reply, replies) = channel();
        let mut done = BTreeMap::new();
        let (mut given, mut next) = (0, 0);
        let mut end = Ok(());
        // The page that was read last stays here until the one behind it, which begins with its end, is read.
        let mut hand = self.page_behind(file, origin, bytes, (window, reader), &mut end);
        loop {
            let most = (EACH * (self.crew.idle() + 1)) as u64;
            while given - next < most
                && let Some(mut page) = hand.take()
            {
                if !page.window.is_last() {
                    let Page { window, reader, .. } = &mut *page;
                    hand = self.page_behind(file, origin, bytes, (window, reader), &mut end);
                }
                (page.number, page.above) = (given, pass.above.clone());
                page.document = pass.document.clone();
                given += 1;
                self.crew.give(owner, page, reply.clone());
            }
            if next == given {
                return end;
            }
            let mut page = match self.searched(owner, next, &replies, &mut done) {
                Ok(page) => page,
                Err(problem) => {
                    while self.crew.take_back(owner).is_some() {}
                    return Err(problem);
                }
            };
            next += 1;
            page.correct(&pass.above, self.detectors, &mut self.scratch);
            let Page { window, reader, seen, .. } = &mut *page;
            let (chunk, last) = (window.chunk(), window.is_last());
            self.conclude(file, origin, &chunk, &reader.text(chunk.bytes), seen, pass, last);
            if let Some(error) = window.take_error() {
                end = Err(Problem::from_io(&error));
            }
            (page.above, page.seen.asked) = (None, Asked::default());
            self.pages.push(page);
        }
    }

    /// Reads the window behind another one. `None`, and why in `end`, if the file's budget is spent.
    fn page_behind(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        (window, reader): (&mut Window, &Reader),
        end: &mut Result<(), Problem>,
    ) -> Option<Box<Page>> {
        let mut page = self.pages.pop().unwrap_or_default();
        let new_bytes = window.follow(&mut page.window, bytes, reader, self.options.chunk);
        page.reader.follow(reader);
        if let Err(problem) = self.spend(file, origin, new_bytes) {
            *end = Err(problem);
            return None;
        }
        page.window.set_core(&page.reader);
        let chunk = page.window.chunk();
        page.reader.read(chunk.bytes, chunk.at);
        Some(page)
    }

    /// The page of a number, searched: by others, or else by this thread, which searches while it
    /// waits. Fails if the search did.
    fn searched(
        &mut self,
        owner: u64,
        number: u64,
        replies: &Receiver<Box<Page>>,
        done: &mut BTreeMap<u64, Box<Page>>,
    ) -> Result<Box<Page>, Problem> {
        loop {
            done.extend(replies.try_iter().map(|page| (page.number, page)));
            if let Some(page) = done.remove(&number) {
                let failed = Problem::new(ProblemKind::ParserFailed, "panic");
                return if page.failed { Err(failed) } else { Ok(page) };
            }
            let page = match self.crew.take_back(owner) {
                Some(mut page) => {
                    page.search(self.detectors, &mut self.scratch);
                    Some(page)
                }
                None => replies.recv().ok(),
            };
            done.extend(page.map(|page| (page.number, page)));
        }
    }
}
