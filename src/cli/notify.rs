//! Desktop notifications: a title and a text → whatever shows them here. Waits for nobody; shows
//! names and kinds, never values (whoever calls sees to that).
//!
//! On Linux a notification is one method call on the session's D-Bus (freedesktop.org, "Desktop
//! Notifications Specification"). Programs that make it are on nearly every machine: libnotify's,
//! or systemd's. A D-Bus library would be some forty crates for the same call.

use std::process::{Command, Stdio};

/// A program that shows notifications.
struct Notifier {
    program: &'static str,
    arguments: fn(&str, &str) -> Vec<String>,
}

/// The first that is there is used.
#[cfg(not(target_os = "macos"))]
const NOTIFIERS: &[Notifier] = &[
    Notifier {
        program: "notify-send",
        arguments: |title, text| {
            words(&["--app-name=Sekisho", "--urgency=critical", "--icon=dialog-warning", "--", title, text])
        },
    },
    Notifier {
        program: "busctl",
        arguments: |title, text| {
            let call = ["org.freedesktop.Notifications", "/org/freedesktop/Notifications"];
            let method = ["org.freedesktop.Notifications", "Notify", "susssasa{sv}i"];
            // Application, nothing to replace, icon; no buttons; urgency 2 is critical; until it is closed.
            let before = ["Sekisho", "0", "dialog-warning"];
            let after = ["0", "1", "urgency", "y", "2", "0"];
            let all = [&["--user", "--", "call"][..], &call, &method, &before, &[title, text], &after].concat();
            words(&all)
        },
    },
];

/// Untested.
#[cfg(target_os = "macos")]
const NOTIFIERS: &[Notifier] = &[Notifier {
    program: "osascript",
    arguments: |title, text| {
        let script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run";
        words(&["-e", script, title, text])
    },
}];

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

fn notifier() -> Option<&'static Notifier> {
    let is_there = |notifier: &&Notifier| {
        let asked = Command::new(notifier.program).arg("--version").stdin(Stdio::null()).output();
        !asked.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound)
    };
    NOTIFIERS.iter().find(is_there)
}

/// Can this machine show notifications?
pub(crate) fn is_possible() -> bool {
    notifier().is_some()
}

/// Shows a notification; where none can be shown, nothing happens.
pub(crate) fn show(title: &str, text: &str) {
    let Some(notifier) = notifier() else { return };
    // The text may be read as markup.
    let text = match cfg!(target_os = "macos") {
        true => text.to_owned(),
        false => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
    };
    let mut command = Command::new(notifier.program);
    command.args((notifier.arguments)(title, &text));
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Ok(mut child) = started {
        // A desktop that does not answer must not hold up the watch.
        std::thread::spawn(move || child.wait());
    }
}
