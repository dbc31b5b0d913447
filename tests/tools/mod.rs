//! Programs that some tests need, for every test program that has `mod tools`.

use std::process::Command;

/// Is the tool there? Where tests must not be skipped (`SEKISHO_REQUIRE=1`), it has to be.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn has(tool: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().is_ok_and(|o| o.status.success());
    if !found {
        assert!(std::env::var_os("SEKISHO_REQUIRE").is_none(), "{tool} is missing");
        println!("skipped: needs {tool}");
    }
    found
}
