//! Checksums of damaged checkpoints made right again: what lies behind them is damaged too.

/// The header of a run of waves, its checksum, and the library's checkpoint with its own.
pub(super) fn waves(bytes: &mut [u8]) {
    const HEAD: usize = 40;
    let Some((head, rest)) = bytes.split_at_mut_checked(HEAD) else { return };
    let Some((check, run)) = rest.split_first_chunk_mut::<4>() else { return };
    *check = crc32(head).to_le_bytes();
    let Some((content, checksum)) = run.split_last_chunk_mut::<8>() else { return };
    let (words, rest) = content.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let all = words.chain(rest.iter().map(|byte| u64::from(*byte)));
    *checksum = all.fold(BASIS, |hash, word| step(hash, word).rotate_left(29)).to_le_bytes();
}

/// The whole of a run of neurons.
pub(super) fn neurons(bytes: &mut [u8]) {
    let Some((content, checksum)) = bytes.split_last_chunk_mut::<8>() else { return };
    *checksum = content.iter().fold(BASIS, |hash, byte| step(hash, u64::from(*byte))).to_le_bytes();
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo).
fn step(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3)
}

/// CRC-32 as in IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_text_has_its_known_checksums() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let mut bytes = *b"a\0\0\0\0\0\0\0\0";
        neurons(&mut bytes);
        assert_eq!(bytes[1..], 0xaf63_dc4c_8601_ec8c_u64.to_le_bytes());
    }
}
