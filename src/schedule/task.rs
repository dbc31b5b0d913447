//! A task of the Windows Task Scheduler as XML ([MS-TSCH] 2.5). Untested on Windows.

use super::{Plan, xml};

/// The task, as text; the scheduler wants it in UTF-16. `None` if a word cannot stand in one. A
/// run that was missed is made up for (`StartWhenAvailable`).
pub fn task(plan: &Plan) -> Option<String> {
    let words = plan.words()?;
    let (program, arguments) = words.split_first()?;
    let arguments: Vec<String> = arguments.iter().map(|word| quote(word)).collect();
    let trigger = match plan.when {
        Some(when) => {
            let start =
                format!("      <StartBoundary>2026-01-01T{:02}:{:02}:00</StartBoundary>\n", when.hour, when.minute);
            let schedule = match when.day {
                None => {
                    "      <ScheduleByDay>\n        <DaysInterval>1</DaysInterval>\n      </ScheduleByDay>\n".to_owned()
                }
                Some(day) => format!(
                    "      <ScheduleByWeek>\n        <DaysOfWeek>\n          <{}/>\n        </DaysOfWeek>\n        \
                     <WeeksInterval>1</WeeksInterval>\n      </ScheduleByWeek>\n",
                    day.long()
                ),
            };
            format!("    <CalendarTrigger>\n{start}{schedule}    </CalendarTrigger>\n")
        }
        None => "    <LogonTrigger/>\n".to_owned(),
    };
    let limit = if plan.when.is_some() { "PT12H" } else { "PT0S" };
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n\
         <Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n\
         \x20 <RegistrationInfo>\n    <Description>{}</Description>\n  </RegistrationInfo>\n\
         \x20 <Triggers>\n{trigger}  </Triggers>\n\
         \x20 <Principals>\n    <Principal id=\"Author\">\n      <LogonType>InteractiveToken</LogonType>\n      \
         <RunLevel>LeastPrivilege</RunLevel>\n    </Principal>\n  </Principals>\n\
         \x20 <Settings>\n    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n    \
         <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n    \
         <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n    <StartWhenAvailable>true</StartWhenAvailable>\n    \
         <ExecutionTimeLimit>{limit}</ExecutionTimeLimit>\n    <Priority>8</Priority>\n  </Settings>\n\
         \x20 <Actions Context=\"Author\">\n    <Exec>\n      <Command>{}</Command>\n      \
         <Arguments>{}</Arguments>\n    </Exec>\n  </Actions>\n</Task>\n",
        xml(&plan.about),
        xml(program),
        xml(&arguments.join(" "))
    ))
}

/// A word as Windows programs read it back (CommandLineToArgvW): backslashes count only before a
/// quote.
fn quote(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '"']) {
        return word.to_owned();
    }
    let mut out = String::from("\"");
    let mut backslashes = 0;
    for c in word.chars() {
        if c == '"' {
            out.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted() {
        for (word, expected) in [
            (r"C:\x", r"C:\x"),
            (r"C:\my files\", r#""C:\my files\\""#),
            (r#"a"b"#, r#""a\"b""#),
            (r#"a\"b"#, r#""a\\\"b""#),
            ("", "\"\""),
        ] {
            assert_eq!(quote(word), expected, "{word}");
        }
    }
}
