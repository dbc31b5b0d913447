//! A line in the user's crontab (crontab(5)), and the same crontab without it.
//!
//! cron forgets what it missed while the machine was off. So the line asks every hour, and the
//! program itself knows when it ran last (`--if-due`): a missed run is made up for within an hour.

use super::Plan;

/// How our lines are known.
const MARK: &str = "# sekisho:";

/// The line of a plan; `None` if a word cannot stand in one. A plan with a time runs hourly with
/// `--if-due TIME`, a service is started with the machine.
pub fn entry(plan: &Plan) -> Option<String> {
    let mut words: Vec<String> = plan.words()?.into_iter().map(quote).collect();
    let time = match &plan.when {
        Some(when) => {
            words.extend(["--if-due".to_owned(), quote(&when.text())]);
            format!("{} * * * *", when.minute)
        }
        None => "@reboot".to_owned(),
    };
    // What a run has to say is in the state; cron would mail it.
    Some(format!("{time} {} >/dev/null 2>&1 {MARK}{}", words.join(" ").replace('%', "\\%"), plan.name))
}

/// Our line in a crontab.
pub fn find<'t>(crontab: &'t str, name: &str) -> Option<&'t str> {
    crontab.lines().find(|line| is_ours(line, name))
}

/// A crontab without our line; everything else stays as it is, byte for byte.
pub fn without(crontab: &str, name: &str) -> String {
    crontab.split_inclusive('\n').filter(|line| !is_ours(line, name)).collect()
}

fn is_ours(line: &str, name: &str) -> bool {
    let line = line.trim_end();
    !line.trim_start().starts_with('#') && line.rsplit_once(MARK).is_some_and(|(_, mark)| mark == name)
}

/// A word for the shell that cron uses.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lines_are_left_alone() {
        let theirs =
            "MAILTO=me\n# sekisho:sweep is mentioned here\n0 5 * * * backup  # sekisho:sweeper\n\n5 4 * * sun x";
        let ours = "15 * * * * /usr/bin/sekisho sweep --if-due 'daily 12:15' >/dev/null 2>&1 # sekisho:sweep";
        let all = format!("{ours}\n{theirs}");
        assert_eq!(without(&all, "sweep"), theirs);
        assert_eq!(find(&all, "sweep"), Some(ours));
        assert_eq!(without(theirs, "sweep"), theirs);
        assert_eq!(find(theirs, "sweep"), None);
    }
}
