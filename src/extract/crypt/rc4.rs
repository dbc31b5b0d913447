//! RC4, the stream cipher of Office 97 to 2003.

/// Its state.
pub(in crate::extract) struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    /// The beginning of a key's stream. A key of no bytes is one zero byte.
    pub(super) fn new(key: &[u8]) -> Rc4 {
        let key = if key.is_empty() { &[0] } else { key };
        let mut state: [u8; 256] = std::array::from_fn(|i| i as u8);
        let mut j = 0_u8;
        for (i, byte) in (0..256).zip(key.iter().cycle()) {
            j = j.wrapping_add(state[i]).wrapping_add(*byte);
            state.swap(i, j.into());
        }
        Rc4 { state, i: 0, j: 0 }
    }

    /// Decrypts what comes next.
    pub(in crate::extract) fn apply(&mut self, data: &mut [u8]) {
        for byte in data {
            self.i = self.i.wrapping_add(1);
            let here = self.state[usize::from(self.i)];
            self.j = self.j.wrapping_add(here);
            self.state.swap(self.i.into(), self.j.into());
            *byte ^= self.state[usize::from(here.wrapping_add(self.state[usize::from(self.i)]))];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        // RFC 6229, 40-bit key 0x0102030405.
        let mut stream = [0; 16];
        Rc4::new(&[1, 2, 3, 4, 5]).apply(&mut stream);
        assert_eq!(stream[..8], [0xb2, 0x39, 0x63, 0x05, 0xf0, 0x3d, 0xc0, 0x27]);
    }
}
