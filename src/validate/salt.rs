//! Salts of password hashes: a program makes them of random bytes, a person who shows how hashing
//! works types `somesalt`.
//!
//! A hash in PHC or crypt form in, whether its salt was typed out.

use super::Outcome::{self, Doubts, Fits};
use super::Value;
use super::radix::base64;

/// `typed-salt`: doubted where the salt of an Argon2 hash is readable text in base64.
pub(super) fn typed_salt(value: &Value<'_>) -> Outcome {
    let salt = value.text.starts_with("$argon2").then(|| value.text.rsplit('$').nth(1)).flatten();
    let is_typed = |bytes: &Vec<u8>| bytes.iter().all(|b| (b' '..=b'~').contains(b));
    if salt.and_then(base64).as_ref().is_some_and(is_typed) { Doubts("example-value") } else { Fits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts() {
        let hash = |salt: &str| typed_salt(&Value::bare(&format!("$argon2id$v=19$m=65536,t=2,p=1${salt}$AAAA")));
        assert_eq!(hash("c29tZXNhbHQ"), Doubts("example-value"));
        assert_eq!(hash("5VtWOO3cGWYQHEMaYGbsfQ"), Fits);
        assert_eq!(typed_salt(&Value::bare("$2b$10$c29tZXNhbHQ")), Fits);
        assert_eq!(typed_salt(&Value::bare("")), Fits);
    }
}
