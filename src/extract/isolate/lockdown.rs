//! Takes every power from this process that a parser does not need.
//!
//! What remains on Linux: reading and writing the two pipes it was given, memory up to a bound,
//! and the end. Elsewhere it is a plain process that is watched over from outside.

/// Most memory of its own, in bytes.
const MOST_MEMORY: u64 = 192 << 20;

/// Locks this process down, as far as the system knows how: an older kernel lacks some of it.
pub(super) fn this_process() {
    limits();
    #[cfg(target_os = "linux")]
    linux::lock();
}

/// No more than so much memory; no files, no core dump (it would hold what is being parsed).
#[cfg(unix)]
fn limits() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let to = |n| Rlimit { current: Some(n), maximum: Some(n) };
    for (resource, n) in
        [(Resource::Data, MOST_MEMORY), (Resource::Core, 0), (Resource::Fsize, 0), (Resource::Nofile, 3)]
    {
        // What the system does not offer is not there to be misused either, or is caught below.
        let _ = setrlimit(resource, to(n));
    }
}

#[cfg(not(unix))]
fn limits() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, Scope};
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter_all_threads};

    /// Calls of the system that a parser makes: its pipes, memory, time, its own end.
    const ALLOWED: &[libc::c_long] = &[
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_brk,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_mprotect,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_tgkill,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    pub(super) fn lock() {
        // Two fences: paths and sockets, then every call that is not on the list. Each is
        // best effort; the second closes what an old kernel leaves open in the first.
        let _ = paths();
        let _ = calls();
    }

    /// No path can be opened, no port connected to.
    fn paths() -> Result<(), landlock::RulesetError> {
        let latest = ABI::V6;
        Ruleset::default()
            .handle_access(AccessFs::from_all(latest))?
            .handle_access(AccessNet::from_all(latest))?
            .scope(Scope::from_all(latest))?
            .create()?
            .restrict_self()?;
        Ok(())
    }

    /// Any other call fails with "not permitted".
    fn calls() -> Result<(), seccompiler::Error> {
        let arch = match () {
            () if cfg!(target_arch = "x86_64") => TargetArch::x86_64,
            () if cfg!(target_arch = "aarch64") => TargetArch::aarch64,
            () if cfg!(target_arch = "riscv64") => TargetArch::riscv64,
            // There the first fence stands alone.
            () => return Ok(()),
        };
        let rules: BTreeMap<i64, Vec<_>> = ALLOWED.iter().map(|&call| (call, Vec::new())).collect();
        let denied = SeccompAction::Errno(libc::EPERM as u32);
        let filter = SeccompFilter::new(rules, denied, SeccompAction::Allow, arch)?;
        let program: BpfProgram = filter.try_into()?;
        apply_filter_all_threads(&program)
    }
}
