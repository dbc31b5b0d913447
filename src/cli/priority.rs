//! Makes this process give way to all others: a sweep must not be felt.
//!
//! For threads that are started later too. Where the system knows no such thing, nothing happens.
#![allow(unsafe_code)]

/// Lowest priority for the processor and for disks.
pub(crate) fn lower() {
    #[cfg(unix)]
    {
        // What the system refuses costs speed elsewhere, nothing more.
        let _ = rustix::process::nice(19);
    }
    #[cfg(target_os = "linux")]
    lower_disk();
}

/// Disks serve this process when nobody else wants them (`ionice -c 3`).
#[cfg(target_os = "linux")]
fn lower_disk() {
    // linux/ioprio.h: the class stands above the 13 bits of the level.
    const WHO_PROCESS: libc::c_long = 1;
    const IDLE: libc::c_long = 3 << 13;
    // SAFETY: ioprio_set takes three numbers, no pointers; it changes nothing but the priority of
    // the calling thread (process 0), and fails without effect.
    unsafe { libc::syscall(libc::SYS_ioprio_set, WHO_PROCESS, 0 as libc::c_long, IDLE) };
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    #[test]
    fn threads_give_way_once_lowered() {
        // In a thread of its own: Linux keeps both priorities for each thread.
        let lowered = std::thread::spawn(|| {
            super::lower();
            // SAFETY: ioprio_get takes two numbers and returns one.
            unsafe { libc::syscall(libc::SYS_ioprio_get, 1 as libc::c_long, 0 as libc::c_long) }
        });
        assert_eq!(lowered.join().expect("no panic"), 3 << 13);
    }
}
