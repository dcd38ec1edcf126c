//! Protection against libraries that panic or abort on damaged files.

use std::cell::Cell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Returns the result of `work`, or `None` if it panics. The message of that panic is not printed.
/// Panics of other threads go to the previous hook.
pub(crate) fn catch_quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    let outer = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    outcome.ok()
}

/// Returns whether `bytes` can be allocated. Arrow aborts when an allocation fails, so lengths read
/// from a file are tested first.
pub(crate) fn can_allocate(bytes: usize) -> bool {
    let mut memory = Vec::<u8>::new();
    let allocated = memory.try_reserve_exact(bytes).is_ok();
    // Keeps the compiler from removing the allocation.
    black_box(&memory);
    allocated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_limited() {
        assert!(can_allocate(0) && can_allocate(1 << 20));
        assert!(!can_allocate(1 << 60) && !can_allocate(usize::MAX));
    }

    /// `catch_quietly` silences the panics of its own thread and no others.
    #[test]
    fn only_panics_inside_are_quiet() {
        use std::sync::atomic::{AtomicUsize, Ordering};

        static PRINTED: AtomicUsize = AtomicUsize::new(0);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if panic.payload().downcast_ref::<&str>() == Some(&"for this test") {
                PRINTED.fetch_add(1, Ordering::Relaxed);
            } else {
                before(panic);
            }
        }));
        let fail = || panic::panic_any("for this test");
        assert_eq!(catch_quietly(|| 1), Some(1));
        assert_eq!(catch_quietly(fail), None::<()>);
        assert_eq!(PRINTED.load(Ordering::Relaxed), 0);
        assert!(catch_unwind(fail).is_err());
        assert_eq!(PRINTED.load(Ordering::Relaxed), 1);
        catch_quietly(|| std::thread::spawn(fail).join().unwrap_err()).unwrap();
        assert_eq!(PRINTED.load(Ordering::Relaxed), 2);
    }
}
