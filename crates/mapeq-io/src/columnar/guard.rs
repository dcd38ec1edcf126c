//! What keeps libraries from ending the program over damaged bytes, and from telling people about it.

use std::cell::Cell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns, or `None` if it panics. The message of that panic is not shown; those of other threads are, as
/// the hook says that was there before.
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

/// Whether so many bytes can be had. A library that asks for more than there are ends the program.
pub(crate) fn can_allocate(bytes: usize) -> bool {
    let mut memory = Vec::<u8>::new();
    let had = memory.try_reserve_exact(bytes).is_ok();
    // What is never looked at would not be asked for.
    black_box(&memory);
    had
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_an_end() {
        assert!(can_allocate(0) && can_allocate(1 << 20));
        assert!(!can_allocate(1 << 60) && !can_allocate(usize::MAX));
    }

    /// Only the panics inside of `catch_quietly` are not told, and only those of its thread.
    #[test]
    fn only_what_is_inside_is_quiet() {
        use std::sync::atomic::{AtomicUsize, Ordering};

        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if panic.payload().downcast_ref::<&str>() == Some(&"for this test") {
                TOLD.fetch_add(1, Ordering::Relaxed);
            } else {
                before(panic);
            }
        }));
        let fail = || panic::panic_any("for this test");
        assert_eq!(catch_quietly(|| 1), Some(1));
        assert_eq!(catch_quietly(fail), None::<()>);
        assert_eq!(TOLD.load(Ordering::Relaxed), 0);
        assert!(catch_unwind(fail).is_err());
        assert_eq!(TOLD.load(Ordering::Relaxed), 1);
        catch_quietly(|| std::thread::spawn(fail).join().unwrap_err()).unwrap();
        assert_eq!(TOLD.load(Ordering::Relaxed), 2);
    }
}
