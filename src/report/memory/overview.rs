//! What stands open, in numbers: by detector, by place, by folder and by age; and how the last sweeps went.
//!
//! The state → [`Overview`]. Grows with the number of folders that hold findings, not with that of
//! findings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::Result;
use crate::message::Age;
use crate::state::{Coverage, Head, Register, Run, RunKind, Scope, Standing, Store};

/// The place of files of which nothing else is known.
const LOCAL: &str = "local";
/// Sweeps in the trend.
const SWEEPS: u32 = 12;

/// Findings of a folder or detector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// When the oldest was first seen, in seconds since 1970.
    pub oldest: i64,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The time it is made for, in seconds since 1970.
    pub now: i64,
    /// Open findings.
    pub open: u64,
    /// Of them, new since the sweep before the last.
    pub new: u64,
    /// Findings that an approval covers; not part of `open`.
    pub approved: u64,
    /// Open findings by client.
    pub clients: BTreeMap<String, Group>,
    /// The end of the audit chain.
    pub audit: Head,
    /// Open findings by age.
    pub ages: BTreeMap<Age, u64>,
    /// Open findings by detector.
    pub detectors: BTreeMap<String, Group>,
    /// Open findings by the kind of place of their file.
    pub places: BTreeMap<String, Group>,
    /// Open findings by the folder of their file, most first.
    pub folders: Vec<(PathBuf, Group)>,
    /// Things that could not be looked at, by kind.
    pub problems: BTreeMap<&'static str, u64>,
    /// The last sweeps, newest first.
    pub sweeps: Vec<Run>,
    /// What the last sweep that ended covered.
    pub coverage: Vec<Coverage>,
    /// Files known.
    pub files: u64,
}

impl Overview {
    /// Reads it out of the state.
    pub fn of(store: &Store, now: i64, register: Register<'_>) -> Result<Overview> {
        let sweeps = store.runs(RunKind::Sweep, SWEEPS)?;
        let last = sweeps.iter().find(|run| run.ended.is_some()).map_or(0, |run| run.id);
        let scope = Scope { roots: &[], detectors: &[], since: last - 1, register };
        let mut overview = Overview {
            now,
            open: store.beyond(scope)?,
            new: 0,
            approved: 0,
            clients: BTreeMap::new(),
            audit: store.audit_head()?,
            ages: BTreeMap::new(),
            detectors: BTreeMap::new(),
            places: BTreeMap::new(),
            folders: Vec::new(),
            problems: BTreeMap::new(),
            coverage: store.coverage(last)?,
            sweeps,
            files: store.files()?,
        };
        let mut folders: BTreeMap<PathBuf, Group> = BTreeMap::new();
        store.findings(scope, &mut |found| {
            overview.approved += u64::from(found.standing == Standing::Approved);
            if found.standing.is_open() {
                overview.open += 1;
                overview.new += u64::from(found.standing == Standing::New);
                *overview.ages.entry(Age::of(now.saturating_sub(found.first_seen))).or_default() += 1;
                add(&mut overview.detectors, found.detector.clone(), found.first_seen);
                if let Some((client, _)) = found.clients.first() {
                    add(&mut overview.clients, client.to_string(), found.first_seen);
                }
                add(&mut overview.places, found.place.clone().unwrap_or_else(|| LOCAL.to_owned()), found.first_seen);
                let folder = found.path.parent().unwrap_or(&found.path);
                match folders.get_mut(folder) {
                    Some(group) => group.add(found.first_seen),
                    None => add(&mut folders, folder.to_owned(), found.first_seen),
                }
            }
            Ok(())
        })?;
        store.problems(scope, &mut |unseen| {
            *overview.problems.entry(unseen.problem.kind.name()).or_default() += unseen.times;
            Ok(())
        })?;
        overview.folders = folders.into_iter().collect();
        overview.folders.sort_by(|(a, x), (b, y)| y.count.cmp(&x.count).then(a.cmp(b)));
        Ok(overview)
    }
}

impl Group {
    fn add(&mut self, first_seen: i64) {
        self.count += 1;
        self.oldest = self.oldest.min(first_seen);
    }
}

fn add<K: Ord>(groups: &mut BTreeMap<K, Group>, name: K, first_seen: i64) {
    groups.entry(name).or_insert(Group { count: 0, oldest: first_seen }).add(first_seen);
}
