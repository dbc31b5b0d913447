//! What is inside: members of containers, on their way through the loop again.
//!
//! Hands an input to its extractor (here, or in a parser process) and what comes out back to
//! the [`Worker`]; decides how to go on when the file's budget is spent.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read};

use super::copies::Unit;
use super::file::File;
use super::window::Window;
use super::worker::{Level, Worker};
use crate::chunk::{GLANCE, Left, Origin, Step};
use crate::error::{Problem, ProblemKind};
use crate::extract::isolate::Parser;
use crate::extract::{Block, Format, Input, Kind, OnDisk, ReadAt, TAIL, Visit, sniff_end, sniff_far};
use crate::text::Encoding;

impl Worker<'_> {
    /// Looks at bytes that are to be read as text, whatever they look like.
    fn raw(&mut self, file: &mut File<'_, '_>, origin: &Origin, bytes: &mut dyn Read) -> bool {
        let mut level = self.levels.pop().unwrap_or_default();
        // What belongs to no member is no document's text.
        self.units.push(Unit::Off);
        let done = file.budget.enter(origin).and_then(|()| {
            level.window.begin(bytes, None, self.options.chunk);
            self.text(file, origin, bytes, &mut level, None, None)
        });
        if let Err(problem) = done {
            file.problem(origin.clone(), problem, &mut self.summary);
        }
        self.end_unit(file, origin);
        self.levels.push(level);
        may_go_on(file, origin)
    }

    /// Looks at the beginning of a member of a file that has unpacked to too much.
    pub(super) fn glance(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        level: &mut Level,
    ) -> Result<(), Problem> {
        let mut beginning = bytes.take(GLANCE);
        self.level(file, origin, &mut beginning, None, None, level)?;
        match bytes.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(file.budget.ratio_problem()),
            Err(e) => Err(Problem::from_io(&e)),
        }
    }

    /// Lets an extractor take a container apart, whose beginning is in the level's window.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn take_apart(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        size: Option<u64>,
        handle: Option<&fs::File>,
        level: &mut Level,
        format: &'static Format,
    ) -> Result<(), Problem> {
        // What is unpacked only to be passed over or kept aside counts too.
        let most = if origin.inside.is_empty() { u64::MAX } else { file.budget.remaining() };
        let mut rest = Metered { inner: bytes, read: 0, most, failed: level.window.take_error() };
        let mut reader = level.window.head().chain(&mut rest);
        let name = name_of(origin);
        let on_disk = handle.zip(size).map(|(file, size)| OnDisk { file, size });
        let mut input = Input::new(&mut reader, &name, &self.options.limits);
        input.size = size;
        input.file = on_disk.as_ref().map(|file| file as &dyn ReadAt);
        let refined = format.refine(&mut input);
        let mut done = self.extract(file, origin, refined, &mut input);
        if !std::ptr::eq(refined, format) && may_go_on(file, origin) {
            done = done.and(format.rest(&mut input, &mut Members { worker: self, file, origin }));
        }
        let cut = input.cut.take();
        // A file is read at any offset, past the counter.
        let read = match rest.read {
            0 if handle.is_some() => size.unwrap_or(0).saturating_sub(level.window.head().len() as u64),
            read => read,
        };
        self.spend(file, origin, read)?;
        // Once the budget is gone the extractor stops for that reason only.
        if !may_go_on(file, origin) {
            return Ok(());
        }
        if let (Err(problem), Some(_)) = (&done, &cut) {
            file.problem(origin.clone(), problem.clone(), &mut self.summary);
        }
        cut.map_or(done, Err)
    }

    /// Runs an extractor: here, or in a parser process if its format is an intricate one.
    fn extract(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        format: &'static Format,
        input: &mut Input<'_>,
    ) -> Result<(), Problem> {
        let Some(program) = self.options.isolation.as_deref().filter(|_| format.isolated) else {
            return (format.extract)(input, &mut Members { worker: self, file, origin });
        };
        // A document in a document needs a second parser while the first one waits.
        let mut parser = self.parsers.pop().map_or_else(|| Parser::start(program), Ok)?;
        let done = parser.extract(format, input, &mut Members { worker: self, file, origin });
        if parser.is_usable() {
            self.parsers.push(parser);
        }
        done
    }
}

/// May the extractor that handed this on go on with what comes next? Within a bomb nothing does;
/// the file's own members are each still looked at.
pub(super) fn may_go_on(file: &File<'_, '_>, origin: &Origin) -> bool {
    match file.budget.left() {
        Left::All => true,
        Left::Glances => origin.inside.len() <= 1,
        Left::Nothing => false,
    }
}

/// What an input turns out to be at its end, if it is short or any place of it can be read: what a self-extracting program carries, or a picture that is a zip as well.
pub(super) fn format_at_end(window: &Window, size: Option<u64>, handle: Option<&fs::File>) -> Option<Kind> {
    let bytes = window.head();
    let mut tail = [0; TAIL];
    let tail = match (window.is_whole(), size, handle) {
        (true, ..) => &bytes[bytes.len().saturating_sub(TAIL)..],
        (false, Some(size), Some(file)) => {
            let n = OnDisk { file, size }.read_at(&mut tail, size.saturating_sub(TAIL as u64)).unwrap_or(0);
            &tail[..n]
        }
        _ => &[][..],
    };
    sniff_end(tail).or_else(|| sniff_far(bytes))
}

/// The name of the innermost member, or of the file, without folders.
pub(super) fn name_of(origin: &Origin) -> String {
    let named = origin.inside.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.rsplit('/').next().unwrap_or(name).to_owned()),
        _ => None,
    });
    named.unwrap_or_else(|| origin.path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// The path of an input: the member's within its archive, or the file's. None for what was decoded
/// or put together, which has no name of its own.
pub(super) fn path_of(origin: &Origin) -> Option<Cow<'_, str>> {
    match origin.inside.last() {
        Some(Step::Member(name)) => Some(Cow::Borrowed(&**name)),
        Some(_) => None,
        None => Some(origin.path.to_string_lossy()),
    }
}

/// Counts what an extractor reads.
struct Metered<'r> {
    inner: &'r mut dyn Read,
    read: u64,
    /// Where the file's budget ends.
    most: u64,
    /// What ended the input within the part that was read before.
    failed: Option<io::Error>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.read > self.most {
            return Err(Problem::new(ProblemKind::Limit, "unpacked bytes").into());
        }
        let n = self.inner.read(buffer)?;
        self.read += n as u64;
        Ok(n)
    }
}

fn go_on(may: bool) -> io::Result<()> {
    if may { Ok(()) } else { Err(io::Error::other("budget spent")) }
}

/// Sends what an extractor finds through the loop again.
struct Members<'w, 's, 'f, 'o, 'k> {
    worker: &'w mut Worker<'s>,
    file: &'f mut File<'o, 'k>,
    origin: &'f Origin,
}

impl Visit for Members<'_, '_, '_, '_, '_> {
    fn passwords(&mut self) -> Vec<String> {
        self.worker.passwords(self.file)
    }

    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let origin = self.origin.step(step);
        go_on(self.worker.input(self.file, &origin, bytes, None, None))
    }

    fn text(&mut self, step: Step, encoding: Encoding, bytes: &mut dyn Read) -> io::Result<()> {
        self.worker.declared = Some(encoding);
        let done = self.member(step, bytes);
        self.worker.declared = None;
        done
    }

    fn raw(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let origin = self.origin.step(step);
        go_on(self.worker.raw(self.file, &origin, bytes))
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        go_on(self.worker.block(self.file, self.origin, block))
    }

    fn problem(&mut self, step: Option<Step>, problem: Problem) {
        let origin = step.map_or_else(|| self.origin.clone(), |step| self.origin.step(step));
        self.file.problem(origin, problem, &mut self.worker.summary);
    }
}
