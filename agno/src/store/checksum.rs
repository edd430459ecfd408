//! The checksum with which stores detect damaged entries.

/// Returns the 64-bit FNV-1a hash of the parts (Fowler, Noll and Vo; draft-eastlake-fnv). It detects damage, not tampering.
///
/// ```
/// use agno::store::checksum;
///
/// assert_eq!(checksum(&[b"foobar"]), 0x8594_4171_f739_67e8);
/// assert_eq!(checksum(&[b"foo", b"bar"]), checksum(&[b"foobar"]));
/// ```
pub fn checksum(parts: &[&[u8]]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.iter())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}
