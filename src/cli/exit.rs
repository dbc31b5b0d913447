//! The exit status: 0 clean, 1 findings, 2 could not be carried out, 3 not everything looked at.

use std::process::ExitCode;

use sekisho::scan::Summary;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing found and everything looked at.
    Clean,
    /// Findings that nothing allows.
    Found,
    /// The run could not be carried out.
    Failed,
    /// Nothing found, but something could not be looked at.
    Incomplete,
}

impl Status {
    /// The status of a finished scan.
    pub(crate) fn of(summary: &Summary, exit_zero: bool, fail_on_problem: bool) -> Status {
        match (summary.findings > 0, summary.is_complete()) {
            _ if exit_zero => Status::Clean,
            (true, false) if fail_on_problem => Status::Incomplete,
            (true, _) => Status::Found,
            (false, false) => Status::Incomplete,
            (false, true) => Status::Clean,
        }
    }

    /// The status after the argument parser has spoken: an error, or help that was asked for.
    pub(crate) fn of_usage(is_error: bool) -> Status {
        if is_error { Status::Failed } else { Status::Clean }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Clean => 0,
            Status::Found => 1,
            Status::Failed => 2,
            Status::Incomplete => 3,
        })
    }
}
