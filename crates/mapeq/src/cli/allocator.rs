//! Allocation of large arrays. The only module of this crate with unsafe code.
//!
//! A search allocates and frees many arrays of one number per node. The allocator of glibc maps
//! large arrays one by one, until one of at most 32 MB is freed: from then on, all arrays up to
//! that size share a heap. Gaps remain between them, and the peak depends on the order in which
//! they are freed. Fixed thresholds keep arrays apart. Measured on a planted network of 10⁶ nodes
//! and 10⁷ links, one thread: 302 MB instead of 340 to 385, for 2 % more time. No difference on
//! com-dblp and cnr-2000.
#![allow(unsafe_code)]

/// Size in bytes from which arrays are mapped one by one.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MMAP_THRESHOLD: i32 = 4 << 20;

/// Free bytes at the end of the heap from which they return to the system.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const TRIM_THRESHOLD: i32 = 32 << 20;

/// Sets the thresholds for the whole process. Has no effect with allocators other than glibc's.
pub(super) fn map_large_arrays() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets two numbers of the allocator, under its own lock. Existing allocations are not
    // affected.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MMAP_THRESHOLD);
        libc::mallopt(libc::M_TRIM_THRESHOLD, TRIM_THRESHOLD);
    }
}
