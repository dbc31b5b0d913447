//! The parser process: the same results as here, locked down, and replaceable when it dies.

use std::path::Path;
use std::time::Duration;

use sekisho::error::ProblemKind::ParserFailed;
use sekisho::extract::isolate::Parser;

use super::programs::{FOLDER, fixture};
use super::unpack::Unpack;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sekisho");

#[test]
fn a_parser_process_finds_what_this_one_finds() {
    let mut parser = Parser::start(Path::new(PROGRAM)).expect("parser");
    for entry in std::fs::read_dir(FOLDER).expect("folder") {
        let name = entry.expect("entry").file_name().into_string().expect("ASCII");
        if !["7z", "lzh", "cab"].iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        for passwords in [vec![], vec!["secret".to_owned()]] {
            let here = Unpack { passwords: passwords.clone(), ..Unpack::default() }.all(&name, &fixture(&name));
            let there =
                Unpack { passwords, parser: Some(&mut parser), ..Unpack::default() }.all(&name, &fixture(&name));
            assert_eq!(here, there, "{name}");
            assert!(parser.is_usable());
        }
    }
}

#[test]
fn programs_that_are_no_parsers_fail_that_document_only() {
    for program in ["/bin/true", "/bin/cat", "/bin/sh", "/usr/bin/yes", "/bin/sleep"] {
        if !Path::new(program).exists() {
            continue;
        }
        let mut parser = Parser::start(Path::new(program)).expect(program);
        parser.silence = Duration::from_millis(300);
        let found = Unpack { parser: Some(&mut parser), ..Unpack::default() }.all("a.7z", &fixture("7z-LZMA.7z"));
        assert_eq!(found.kinds(), [("", ParserFailed)], "{program}");
        assert!(!parser.is_usable());
    }
    assert_eq!(Parser::start(Path::new("/nonexistent")).err().map(|problem| problem.kind), Some(ParserFailed));
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_is_locked_before_it_sees_a_byte() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(PROGRAM)
        .arg("parser-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("parser");
    let read = |what: &str| std::fs::read_to_string(format!("/proc/{}/{what}", child.id())).expect(what);
    let locked = || read("status").contains("Seccomp:\t2") && read("status").contains("NoNewPrivs:\t1");
    let waited = (0..200).find(|_| {
        std::thread::sleep(Duration::from_millis(10));
        locked()
    });
    let limits = read("limits");
    drop(child.stdin.take());
    let status = child.wait().expect("end");
    assert!(waited.is_some(), "never locked");
    let limit = |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(limit("Max core file size").contains(" 0 "), "{limits}");
    assert!(limit("Max open files").contains(" 3 "), "{limits}");
    assert!(limit("Max data size").contains("201326592"), "{limits}");
    assert!(status.success(), "{status}");
}
