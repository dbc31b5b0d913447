//! A plan (what to run, when) → the files by which a system runs it: a systemd user timer, a cron
//! entry, a launchd agent, a Windows task.
//!
//! Pure: texts out of values. Writing them and telling the system is the program's part. Only
//! systemd and cron are proven; launchd and Windows are checked by parsers of their formats and
//! untested on the systems.

mod cron;
mod launchd;
mod systemd;
mod task;
mod when;

use std::path::PathBuf;

pub use cron::{entry as cron_entry, find as find_cron, without as without_cron};
pub use launchd::agent as launchd_agent;
pub use systemd::{service as systemd_service, timer as systemd_timer};
pub use task::task as windows_task;
pub use when::{Day, When, parse};

/// Something that the system is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name: `sweep`, `watch`. Units are called `sekisho-NAME`.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: String,
    /// The program, absolute.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// When it runs; `None` for a service that always runs.
    pub when: Option<When>,
}

impl Plan {
    /// The words of the command line. `None` if one of them cannot stand in a unit: a line end,
    /// another control character, or a path that is no UTF-8.
    pub fn words(&self) -> Option<Vec<&str>> {
        let program = self.program.to_str()?;
        let words: Vec<&str> = std::iter::once(program).chain(self.arguments.iter().map(String::as_str)).collect();
        (!words.iter().any(|word| word.contains(char::is_control))).then_some(words)
    }
}

/// Text in XML, also in an attribute.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_has_no_place_in_a_unit() {
        let plan = |argument: &str| Plan {
            name: "sweep",
            about: String::new(),
            program: "/bin/sekisho".into(),
            arguments: vec![argument.to_owned()],
            when: None,
        };
        assert!(plan("a b").words().is_some());
        assert!(plan("a\nExecStart=/bin/sh").words().is_none());
    }
}
