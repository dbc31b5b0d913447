//! What must be gone when: a file, the rules and the day → keep, due or overdue, with the reason.
//!
//! Pure. A file can have several reasons to go; the one that presses most decides.

use super::{AgeRule, Approval, Client, Date};

/// What has to be done about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It may be here.
    Keep,
    /// It has to go before its last day.
    Due,
    /// Its last day is over.
    Overdue,
}

impl Verdict {
    /// The name in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Keep => "keep",
            Verdict::Due => "due",
            Verdict::Overdue => "overdue",
        }
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why<'a> {
    /// The engagement is under way, or has no end yet.
    Engaged,
    /// The engagement has ended.
    Ended,
    /// An approval allows it.
    Approved(&'a Approval),
    /// The approval that allowed it has expired.
    Expired(&'a Approval),
    /// It has been in a folder for longer than a rule allows.
    TooOld(&'a AgeRule),
}

impl Why<'_> {
    /// The name in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Why::Engaged => "engaged",
            Why::Ended => "engagement-ended",
            Why::Approved(_) => "approved",
            Why::Expired(_) => "approval-expired",
            Why::TooOld(_) => "too-old",
        }
    }
}

/// What was decided about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision<'a> {
    /// What has to be done.
    pub verdict: Verdict,
    /// Why.
    pub why: Why<'a>,
    /// The last day on which it may be here.
    pub last: Option<Date>,
}

impl Decision<'_> {
    /// Days since the last day; 0 while it is not over.
    pub fn days(&self, today: Date) -> i64 {
        self.last.map_or(0, |last| today.since(last).max(0))
    }
}

/// A client's file; `approval` is one in force that covers the client's data there.
pub fn of_client<'a>(client: &Client, approval: Option<&'a Approval>, today: Date) -> Decision<'a> {
    let Some((end, last)) = client.end.zip(client.last_day()) else {
        return Decision { verdict: Verdict::Keep, why: Why::Engaged, last: None };
    };
    if today <= end {
        return Decision { verdict: Verdict::Keep, why: Why::Engaged, last: Some(last) };
    }
    match approval {
        Some(approval) if approval.expires >= today => {
            Decision { verdict: Verdict::Keep, why: Why::Approved(approval), last: Some(approval.expires.max(last)) }
        }
        _ => Decision { verdict: over(last, today), why: Why::Ended, last: Some(last) },
    }
}

/// A file with findings that only an approval allowed, which has expired.
pub fn expired(approval: &Approval, today: Date) -> Decision<'_> {
    Decision { verdict: over(approval.expires, today), why: Why::Expired(approval), last: Some(approval.expires) }
}

/// A file that a rule about age is for, and that has been there at least since a day.
pub fn aged<'a>(rule: &'a AgeRule, since: Date, approval: Option<&'a Approval>, today: Date) -> Decision<'a> {
    let last = since.plus(i64::from(rule.days));
    match (over(last, today), approval) {
        (Verdict::Overdue, Some(approval)) if approval.expires >= today => {
            Decision { verdict: Verdict::Keep, why: Why::Approved(approval), last: Some(approval.expires) }
        }
        (Verdict::Overdue, _) => Decision { verdict: Verdict::Overdue, why: Why::TooOld(rule), last: Some(last) },
        // That it grows older is nothing to do anything about yet.
        _ => Decision { verdict: Verdict::Keep, why: Why::TooOld(rule), last: Some(last) },
    }
}

fn over(last: Date, today: Date) -> Verdict {
    if today > last { Verdict::Overdue } else { Verdict::Due }
}

/// The day since which a file has been there at least: when it was first seen, or when the system
/// last changed its entry (`ctime`, which nobody can set), whichever is earlier. Never says that
/// something is older than it is. Seconds since 1970; `None` where the system has no such time.
pub fn there_since(first_seen: i64, changed: Option<i64>, offset: i64) -> Date {
    Date::of(changed.map_or(first_seen, |changed| changed.min(first_seen)), offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Ledger;

    fn ledger() -> Ledger {
        let source = "[[client]]\nid = 'acme'\nend = 2026-09-30\n[[client]]\nid = 'open'\n\
            [[approval]]\nid = 'A'\narticle = '7-1'\ncovers = ['client']\napprover = 'x'\ndate = 2026-09-01\n\
            reason = 'y'\nexpires = 2026-12-31\n[[retention]]\nfolder = '/d'\ndays = 30\n";
        Ledger::parse("x", source, None).expect("fine")
    }

    fn day(text: &str) -> Date {
        Date::parse(text).expect("day")
    }

    #[test]
    fn an_engagement_ends_then_grace_then_overdue() {
        let ledger = ledger();
        let client = &ledger.clients[0];
        for (today, verdict, days) in [
            ("2026-09-30", Verdict::Keep, 0),
            ("2026-10-01", Verdict::Due, 0),
            ("2026-10-14", Verdict::Due, 0),
            ("2026-10-15", Verdict::Overdue, 1),
            ("2027-01-01", Verdict::Overdue, 79),
        ] {
            let decision = of_client(client, None, day(today));
            assert_eq!((decision.verdict, decision.days(day(today))), (verdict, days), "{today}");
        }
        assert_eq!(of_client(&ledger.clients[1], None, day("2099-01-01")).verdict, Verdict::Keep);
    }

    #[test]
    fn an_approval_holds_until_it_expires() {
        let ledger = ledger();
        let of = |today: &str| of_client(&ledger.clients[0], Some(&ledger.approvals[0]), day(today));
        assert_eq!((of("2026-12-31").verdict, of("2026-12-31").why.name()), (Verdict::Keep, "approved"));
        assert_eq!((of("2027-01-01").verdict, of("2027-01-01").why.name()), (Verdict::Overdue, "engagement-ended"));
        assert_eq!(expired(&ledger.approvals[0], day("2027-01-03")).days(day("2027-01-03")), 3);
    }

    #[test]
    fn what_lies_too_long_in_a_folder() {
        let ledger = ledger();
        let of = |since: &str, approval| aged(&ledger.retention[0], day(since), approval, day("2026-11-23")).verdict;
        assert_eq!(of("2026-10-24", None), Verdict::Keep);
        assert_eq!(of("2026-10-23", None), Verdict::Overdue);
        assert_eq!(of("2026-10-23", Some(&ledger.approvals[0])), Verdict::Keep);
        assert_eq!(there_since(2 * 86_400, Some(86_400), 0), Date::from_days(1));
        assert_eq!(there_since(2 * 86_400, Some(i64::MAX), 0), Date::from_days(2), "a clock that ran ahead");
    }
}
