//! What stands open, as one JSON object.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::json::{Exclusion, exclusions, roots};
use super::overview::Group;
use super::{Overview, written};
use crate::error::Result;
use crate::message::{Age, timestamp};
use crate::state::{Coverage, Head, Run};

#[derive(Serialize)]
struct OverviewObject<'a> {
    r#type: &'static str,
    at: String,
    open: u64,
    new: u64,
    approved: u64,
    clients: BTreeMap<&'a str, GroupObject>,
    age_days: BTreeMap<&'static str, u64>,
    detectors: BTreeMap<&'a str, GroupObject>,
    places: BTreeMap<&'a str, GroupObject>,
    folders: Vec<FolderObject>,
    problems: &'a BTreeMap<&'static str, u64>,
    files: u64,
    sweeps: Vec<SweepObject>,
    roots: Vec<String>,
    absent: Vec<String>,
    exclusions: Vec<Exclusion<'a>>,
    audit: HeadObject<'a>,
}

/// The end of the audit chain.
#[derive(Serialize)]
pub(super) struct HeadObject<'a> {
    seq: i64,
    hash: &'a str,
}

impl<'a> HeadObject<'a> {
    pub(super) fn of(head: &'a Head) -> HeadObject<'a> {
        HeadObject { seq: head.seq, hash: &head.hash }
    }
}

#[derive(Serialize)]
struct GroupObject {
    count: u64,
    oldest: String,
}

#[derive(Serialize)]
struct FolderObject {
    path: String,
    count: u64,
    oldest: String,
}

#[derive(Serialize)]
struct SweepObject {
    began: String,
    ended: Option<String>,
    complete: bool,
    clock_back: bool,
    read: i64,
    unchanged: i64,
    bytes: i64,
    open: i64,
    new: i64,
    gone: i64,
    problems: i64,
}

/// Writes what stands open, as one object.
pub fn overview_json(out: &mut dyn Write, overview: &Overview) -> Result<()> {
    let absent = overview.coverage.iter().filter_map(|row| match row {
        Coverage::Absent(path, _) => Some(path.to_string_lossy().into_owned()),
        _ => None,
    });
    let object = OverviewObject {
        r#type: "overview",
        at: timestamp(overview.now),
        open: overview.open,
        new: overview.new,
        approved: overview.approved,
        clients: groups(&overview.clients),
        age_days: Age::ALL.iter().filter_map(|age| Some((age.name(), *overview.ages.get(age)?))).collect(),
        detectors: groups(&overview.detectors),
        places: groups(&overview.places),
        folders: overview
            .folders
            .iter()
            .map(|(path, group)| FolderObject {
                path: path.to_string_lossy().into_owned(),
                count: group.count,
                oldest: timestamp(group.oldest),
            })
            .collect(),
        problems: &overview.problems,
        files: overview.files,
        sweeps: overview.sweeps.iter().map(sweep).collect(),
        roots: roots(&overview.coverage),
        absent: absent.collect(),
        exclusions: exclusions(&overview.coverage),
        audit: HeadObject::of(&overview.audit),
    };
    let mut text = serde_json::to_vec(&object).map_err(|e| written(e.into()))?;
    text.push(b'\n');
    out.write_all(&text).and_then(|()| out.flush()).map_err(written)
}

fn groups(groups: &BTreeMap<String, Group>) -> BTreeMap<&str, GroupObject> {
    let object = |group: &Group| GroupObject { count: group.count, oldest: timestamp(group.oldest) };
    groups.iter().map(|(name, group)| (name.as_str(), object(group))).collect()
}

fn sweep(run: &Run) -> SweepObject {
    SweepObject {
        began: timestamp(run.started),
        ended: run.ended.map(timestamp),
        complete: run.complete,
        clock_back: run.clock_back,
        read: run.read,
        unchanged: run.unchanged,
        bytes: run.bytes,
        open: run.open,
        new: run.new,
        gone: run.gone,
        problems: run.problems,
    }
}
