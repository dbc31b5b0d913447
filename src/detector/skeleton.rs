//! The file that `sekisho detectors new ID` writes: every required key, ready to be filled in.

/// The text of a new detector file; `name` is the last part of its id.
pub fn skeleton(name: &str) -> String {
    format!(
        r#"title     = {{ en = "{name}", ja = "{name}" }}
severity  = "high"                 # low, medium, high, critical
articles  = ["7-1"]
why       = {{ en = "What it is and what it opens.", ja = "何であり、何に使えるか。" }}
advice    = {{ en = "What to do now.", ja = "いま何をすべきか。" }}
pattern   = '(?x) \b (?P<value> acme_ [0-9a-f]{{32}} ) \b'
confidence = {{ base = "high" }}
show      = 5                      # leading characters that are no secret

[[example]]
text = ["ACME_TOKEN=acme_", "0b1c2d3e4f5a6978", "8796a5b4c3d2e1f0"]
find = [["acme_", "0b1c2d3e4f5a6978", "8796a5b4c3d2e1f0"]]

[[example]]
text = ["token: 'acme_", "ffee00112233445566", "778899aabbccdd'"]
find = [["acme_", "ffee00112233445566", "778899aabbccdd"]]

[[example]]
text = "acme_short"
find = []
why  = "too short"

[[example]]
text = "acme_configuration_of_the_nightly_backup"
find = []
why  = "words, not hexadecimal digits"
"#
    )
}
