#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mapeq_fuzz::snapshot(bytes));
