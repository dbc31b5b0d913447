//! A launchd agent as a property list (launchd.plist(5)). Untested on macOS.

use super::{Plan, xml};

/// The agent's property list; `None` if a word cannot stand in one. launchd makes up for runs
/// that were missed while the machine slept.
pub fn agent(plan: &Plan) -> Option<String> {
    let words: String = plan.words()?.into_iter().map(|word| format!("    <string>{}</string>\n", xml(word))).collect();
    let when = match plan.when {
        Some(when) => {
            let key = |name: &str, n: u32| format!("    <key>{name}</key>\n    <integer>{n}</integer>\n");
            // Sunday is 0 there.
            let day = when.day.map_or(String::new(), |day| key("Weekday", (day.number() + 1) % 7));
            let time = format!("{}{}", key("Hour", when.hour), key("Minute", when.minute));
            format!("  <key>StartCalendarInterval</key>\n  <dict>\n{day}{time}  </dict>\n")
        }
        None => "  <key>RunAtLoad</key>\n  <true/>\n  <key>KeepAlive</key>\n  <true/>\n".to_owned(),
    };
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>sekisho.{}</string>\n\
         \x20 <key>ProgramArguments</key>\n  <array>\n{words}  </array>\n{when}\
         \x20 <key>ProcessType</key>\n  <string>Background</string>\n\
         \x20 <key>LowPriorityBackgroundIO</key>\n  <true/>\n  <key>Nice</key>\n  <integer>10</integer>\n</dict>\n</plist>\n",
        plan.name
    ))
}
