//! Where data goes: standard output or a file of the user's choice.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sekisho::error::{Error, Result};

/// Standard output, buffered.
pub(crate) fn stdout() -> BufWriter<io::Stdout> {
    BufWriter::with_capacity(64 << 10, io::stdout())
}

/// Writes data and flushes it; a reader that went away is `OutputClosed`.
pub(crate) fn write(out: &mut impl Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| match e.kind() {
        io::ErrorKind::BrokenPipe => Error::OutputClosed,
        _ => Error::Io { path: "-".into(), source: e },
    })
}

/// Opens the place that `-o` names, or standard output. With raw values, a new file is made
/// private and an old one that others can read is refused.
pub(crate) fn open(path: Option<&Path>, reveal: bool) -> Result<Box<dyn Write + Send>> {
    let Some(path) = path else { return Ok(Box::new(stdout())) };
    let failed = |e| Error::Io { path: path.to_owned(), source: e };
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    if reveal {
        use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
        options.mode(0o600);
        let file = options.open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(Error::RevealIntoShared(path.to_owned()));
        }
    }
    let _ = reveal;
    let file = options.truncate(true).open(path).map_err(failed)?;
    Ok(Box::new(BufWriter::with_capacity(64 << 10, file)))
}

/// Standard output, or the end of a file that is made if it is not there.
pub(crate) fn append(path: Option<&Path>) -> Result<Box<dyn Write + Send>> {
    let Some(path) = path else { return Ok(Box::new(stdout())) };
    let file = File::options().create(true).append(true).open(path);
    let file = file.map_err(|e| Error::Io { path: path.to_owned(), source: e })?;
    Ok(Box::new(BufWriter::with_capacity(64 << 10, file)))
}

/// Passes on every line as soon as it is whole: somebody is waiting for it.
pub(crate) struct EachLine<W>(pub(crate) W);

impl<W: Write> Write for EachLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.0.write(bytes)?;
        if bytes[..n].contains(&b'\n') {
            self.0.flush()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// With `--reveal`, is standard output itself a file that others can read?
#[cfg(unix)]
pub(crate) fn stdout_is_shared_file() -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    let copy = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    copy.and_then(|file| file.metadata()).is_ok_and(|data| data.is_file() && data.mode() & 0o077 != 0)
}

/// Not decidable here (untested).
#[cfg(not(unix))]
pub(crate) fn stdout_is_shared_file() -> bool {
    false
}
