//! systemd user units (systemd.service(5), systemd.timer(5), quoting in systemd.syntax(7)).

use super::{Plan, When};

/// The service unit; `None` if a word cannot stand in one.
///
/// A sweep is polite (it gives way in CPU and disk), and that it found something (1) or could not
/// read something (3) is no failure of the unit.
pub fn service(plan: &Plan) -> Option<String> {
    let mut words = plan.words()?;
    if words.first()?.contains(['\'', '"', '\\']) {
        // systemd takes no such name for a program; another program does. It would take `=` for a
        // variable.
        if words.first()?.contains('=') {
            return None;
        }
        words.insert(0, "/usr/bin/env");
    }
    let command: Vec<String> = words.into_iter().map(quote).collect();
    let (about, command) = (plan.about.replace('%', "%%"), command.join(" "));
    let polite = "Nice=10\nIOSchedulingClass=idle\nNoNewPrivileges=true\n";
    Some(match plan.when {
        Some(_) => format!(
            "[Unit]\nDescription={about}\n\n[Service]\nType=oneshot\nExecStart={command}\nSuccessExitStatus=1 3\n{polite}"
        ),
        None => format!(
            "[Unit]\nDescription={about}\n\n[Service]\nType=exec\nExecStart={command}\nRestart=on-failure\nRestartSec=30\n\
             {polite}\n[Install]\nWantedBy=default.target\n"
        ),
    })
}

/// The timer unit of a plan that has a time.
pub fn timer(plan: &Plan) -> Option<String> {
    let When { day, hour, minute } = plan.when?;
    let day = day.map_or(String::new(), |day| format!("{} ", day.short()));
    let about = plan.about.replace('%', "%%");
    let said = plan.when.map(|when| when.text()).unwrap_or_default();
    Some(format!(
        "# sekisho: {said}\n[Unit]\nDescription={about}\n\n[Timer]\nOnCalendar={day}*-*-* {hour:02}:{minute:02}:00\n\
         # A run that was missed while the machine was off is made up for.\nPersistent=true\n\
         AccuracySec=1min\n\n[Install]\nWantedBy=timers.target\n"
    ))
}

/// A word as systemd reads it back: specifiers and variables are doubled, the rest is quoted.
fn quote(word: &str) -> String {
    let word = word.replace('%', "%%").replace('$', "$$");
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%$".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted() {
        for (word, expected) in [
            ("/usr/bin/sekisho", "/usr/bin/sekisho"),
            ("/home/u/my files", "\"/home/u/my files\""),
            ("50%", "50%%"),
            ("$HOME", "$$HOME"),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("it's", "\"it's\""),
            ("", "\"\""),
            ("名簿", "名簿"),
        ] {
            assert_eq!(quote(word), expected, "{word}");
        }
    }
}
