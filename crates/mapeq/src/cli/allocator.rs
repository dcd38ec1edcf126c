//! Where large arrays come from: the one place in this crate with unsafe code.
//!
//! A search makes many arrays of one number per node and lets them go. The allocator of glibc takes the first ones from
//! the system, one by one, but once it got back one of up to 32 MB, it takes all others of that size from one heap: gaps
//! stay between them, and the peak depends on which array goes first. Measured on a planted network of 10⁶ nodes and 10⁷ links, one
//! thread: 302 MB instead of 340 to 385, for 2 % more time; no difference on com-dblp and cnr-2000.
#![allow(unsafe_code)]

/// Arrays from this size on come from the system, and go back there.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const APART: i32 = 4 << 20;

/// What the heap may have at its end before that goes back to the system.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SPARE: i32 = 32 << 20;

/// Has large arrays apart from others, for the whole process; no effect where the allocator is another.
pub(crate) fn large_arrays_apart() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets two numbers of the allocator, under its own lock; memory that was handed out stays as it is.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, APART);
        libc::mallopt(libc::M_TRIM_THRESHOLD, SPARE);
    }
}
