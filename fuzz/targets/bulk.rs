//! The check `bulk`, given whatever libFuzzer comes upon.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::check::bulk(data));
