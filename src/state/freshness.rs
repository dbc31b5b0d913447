//! Was everything looked at, and lately? Sweeps and the roots they should have covered → what is
//! missing. Where nothing was looked at nothing is known, and nobody may be told that all is well.

use std::path::{Path, PathBuf};

use super::{Coverage, Register, Run, RunKind, Scope, Store};
use crate::error::Result;

/// Sweeps that are looked at for the one that covered a root.
const SWEEPS: u32 = 200;

/// Something that was not looked at, or not lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// No sweep has covered this folder.
    Never(PathBuf),
    /// The last sweep of this folder is so many days old.
    Old(PathBuf, i64),
    /// The last sweep of this folder did not come to its end.
    Unfinished(PathBuf),
    /// The folder was not there.
    Absent(PathBuf, String),
    /// The clients in the ledger have changed since the last sweep of this folder.
    OtherClients(PathBuf),
    /// So many things could not be looked at.
    Problems(u64),
}

impl Gap {
    /// The name in JSON output.
    pub fn name(&self) -> &'static str {
        match self {
            Gap::Never(_) => "never-swept",
            Gap::Old(..) => "sweep-too-old",
            Gap::Unfinished(_) => "sweep-unfinished",
            Gap::Absent(..) => "root-absent",
            Gap::OtherClients(_) => "clients-changed",
            Gap::Problems(_) => "not-looked-at",
        }
    }

    /// The folder it is about.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Gap::Never(path) | Gap::Old(path, _) | Gap::Unfinished(path) => Some(path),
            Gap::Absent(path, _) | Gap::OtherClients(path) => Some(path),
            Gap::Problems(_) => None,
        }
    }
}

impl Store {
    /// What is missing of these folders, as of `now` (seconds since 1970), where a sweep may be
    /// `most` days old.
    pub fn gaps(&self, folders: &[PathBuf], register: Register<'_>, now: i64, most: i64) -> Result<Vec<Gap>> {
        let mut runs: Vec<(Run, Vec<Coverage>)> = Vec::new();
        for run in self.runs(RunKind::Sweep, SWEEPS)?.into_iter().filter(|run| run.ended.is_some()) {
            let coverage = self.coverage(run.id)?;
            runs.push((run, coverage));
        }
        let mut gaps = Vec::new();
        for folder in folders {
            let covering = runs.iter().find_map(|(run, rows)| {
                rows.iter().find_map(|row| match row {
                    Coverage::Root(root) | Coverage::Absent(root, _) if folder.starts_with(root) => Some((run, row)),
                    _ => None,
                })
            });
            let folder = folder.clone();
            let Some((run, row)) = covering else {
                gaps.push(Gap::Never(folder));
                continue;
            };
            // A clock that was set back makes nothing young.
            let days = now.saturating_sub(run.started).div_euclid(86_400);
            if let Coverage::Absent(_, why) = row {
                gaps.push(Gap::Absent(folder, why.clone()));
            } else if !run.complete {
                gaps.push(Gap::Unfinished(folder));
            } else if self.clients_of_run(run.id)?.as_deref() != register.clients.map(|clients| clients.definition()) {
                gaps.push(Gap::OtherClients(folder));
            } else if days > most || days < 0 {
                gaps.push(Gap::Old(folder, days));
            }
        }
        let mut problems = 0;
        let scope = Scope { roots: &[], detectors: &[], since: 0, register };
        self.problems(scope, &mut |unseen| {
            problems += unseen.times;
            Ok(())
        })?;
        if problems > 0 {
            gaps.push(Gap::Problems(problems));
        }
        Ok(gaps)
    }
}
