//! The command line, case by case: arguments and files in, output and exit status out.
//! `TRYCMD=overwrite cargo test --test cmd` renews the expectations.

#[test]
fn command_line() {
    let home = tempfile::tempdir().expect("a temporary folder");
    trycmd::TestCases::new()
        .env("HOME", home.path().to_string_lossy())
        .env("XDG_CONFIG_HOME", home.path().join("config").to_string_lossy())
        .env("XDG_DATA_HOME", home.path().join("data").to_string_lossy())
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.toml");
}
