//! Hints to fetch memory that will be needed soon: the one place in this crate with unsafe code.
//!
//! Local moving visits rows in random order, and every visit would wait for its row. Measured on com-dblp and
//! lfr_100k_mu05 (10⁶ links, one thread): 15 to 25 % less time for a whole two-level search, the same result.
#![allow(unsafe_code)]

/// Asks the processor to fetch `slice[index]` into its caches; no effect on the result, for any index.
#[inline(always)]
pub fn prefetch<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch is a hint: it reads nothing that the program can see and never faults, whatever the address.
    // The address is computed without `add`, which would demand that it is inside the slice.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch(slice.as_ptr().wrapping_add(index).cast(), _MM_HINT_T0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}
