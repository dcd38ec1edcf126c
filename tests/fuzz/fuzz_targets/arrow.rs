#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mapeq_fuzz::network(bytes, Some(mapeq_io::NetworkFormat::Arrow)));
