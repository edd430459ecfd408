//! Tests with handwritten hostile headers.

use std::io::Write as _;
use std::path::PathBuf;

use super::*;

/// Writes a file with a header and a sparse tail, and opens it.
fn open(name: &str, header: &[u8], size: u64) -> Result<Gguf> {
    let path: PathBuf = std::env::temp_dir().join(format!("agno-gguf-{}-{name}", std::process::id()));
    let mut file = File::create(&path).unwrap();
    file.write_all(header).unwrap();
    file.set_len(size).unwrap();
    drop(file);
    let result = Gguf::open(&path);
    std::fs::remove_file(path).unwrap();
    result
}

/// Returns the start of a version 3 file that declares the given numbers of tensors and values.
fn start(tensors: u64, values: u64) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(values.to_le_bytes());
    bytes
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// Appends the entry of a tensor with one row of 8 numbers.
fn put_tensor(bytes: &mut Vec<u8>, name: &str, offset: u64) {
    put_text(bytes, name);
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(8_u64.to_le_bytes());
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
}

fn message(result: Result<Gguf>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_count_beyond_the_header_limit_is_an_error_before_memory_is_reserved() {
    let size: u64 = 16 << 30;
    assert!(message(open("values", &start(0, size / 13 - 4), size)).contains("header is larger"));
    assert!(message(open("tensors", &start(size / 24 - 4, 0), size)).contains("header is larger"));
    let mut text = start(0, 1);
    text.extend((size / 2).to_le_bytes());
    assert!(message(open("text", &text, size)).contains("header is larger"));
    assert!(message(open("small", &start(0, u64::MAX), 100)).contains("truncated"));
}

#[test]
fn a_count_that_exceeds_the_entries_is_an_error() {
    // Every entry after the first consists of zeros: an empty name and 0 dimensions.
    let mut bytes = start(1_000_000, 0);
    put_tensor(&mut bytes, "a", 0);
    assert!(message(open("entries", &bytes, 32 << 20)).contains("0 dimensions"));
}

#[test]
fn overlapping_tensors_are_an_error() {
    let file = |name: &str, second: u64| {
        let mut bytes = start(2, 0);
        put_tensor(&mut bytes, "b", second);
        put_tensor(&mut bytes, "a", 0);
        open(name, &bytes, 4096)
    };
    assert!(message(file("same", 0)).contains("overlap"));
    assert!(message(file("part", 31)).contains("tensors `a` and `b` overlap"));
    let separate = file("separate", 32).unwrap();
    assert_eq!(separate.tensor("b").unwrap().bytes, 32);
}
