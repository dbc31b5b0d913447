//! Programs that some tests need, for every test program that has `mod tools`.

use std::process::Command;

/// What this machine does not allow (a container without namespaces, say), by the words that tests use; named
/// once, in `.ci/run`, which says so aloud.
const WITHOUT: &str = "SEKISHO_WITHOUT";

/// Does a command work that needs more rights than every machine gives? Where tests must not be
/// skipped it has to, unless the machine is known to lack just that.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
#[allow(dead_code, reason = "not every test program asks for rights")]
pub(crate) fn may(what: &str, command: &mut Command) -> bool {
    let may = command.output().is_ok_and(|output| output.status.success());
    if !may {
        assert!(lacks(what) || std::env::var_os("SEKISHO_REQUIRE").is_none(), "{what} does not work here ({WITHOUT})");
        println!("skipped: needs {what}");
    }
    may
}

/// Is the machine known to lack this?
fn lacks(what: &str) -> bool {
    std::env::var(WITHOUT).is_ok_and(|words| words.split(' ').any(|word| word == what))
}

/// Is the tool there? Where tests must not be skipped (`SEKISHO_REQUIRE=1`), it has to be.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
#[allow(dead_code, reason = "not every test program needs tools")]
pub(crate) fn has(tool: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().is_ok_and(|o| o.status.success());
    if !found {
        assert!(lacks(tool) || std::env::var_os("SEKISHO_REQUIRE").is_none(), "{tool} is missing");
        println!("skipped: needs {tool}");
    }
    found
}
