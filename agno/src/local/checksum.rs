//! Computes the SHA-256 of files. The checksum of known weights is verified each time they are loaded, because a file in
//! the cache may have been changed since its download. The digest uses the processor's SHA instructions if it has them.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ring::digest;

/// Computes the SHA-256 of a file in lowercase hexadecimal and rewinds the file.
pub(super) fn sha256(file: &mut File) -> io::Result<String> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 1 << 20];
    file.seek(SeekFrom::Start(0))?;
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => context.update(&buffer[..n]),
        }
    }
    file.seek(SeekFrom::Start(0))?;
    let mut text = String::with_capacity(64);
    for byte in context.finish().as_ref() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
