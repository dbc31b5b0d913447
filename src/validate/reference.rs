//! Values that say where a value is: variables, templates, calls, paths, addresses, types.
//!
//! A candidate and its neighbours in; whether it is code or a pointer and not the thing itself
//! out. A quoted text is taken by its word, a bare one may be a name of the program.

use super::Outcome::{self, Fits, Rejects};
use super::Value;
use super::words::{has_words, likeness};

/// What a reference may begin with: sigils, look-ups in code, vaults and their schemes.
#[rustfmt::skip]
const BEGINNINGS: &[&str] = &[
    "${", "$(", "$[", "$env:", "$_", "$this", "{{", "{%", "<%", "<?", "#{", "((", "[[", "@{", "env.", "env(",
    "ENV[", "ENV.", "process.env", "os.environ", "os.getenv", "getenv", "System.get", "Deno.env",
    "import.meta", "secrets.", "vars.", "var.", "local.", "data.", "module.", "config.", "settings.", "self.",
    "this.", "props.", "state.", "params.", "args.", "request.", "req.", "vault:", "vault/", "secret://",
    "op://", "ref+", "ssm:", "arn:aws:", "awssm:", "sops:", "keyring:", "keychain:", "file:", "env:",
    "classpath:", "resource:", "projects/", "@Microsoft.KeyVault", "!vault", "!Ref", "!Sub", "!ENV",
    "!env_var", "!secret", "Fn::", "new ", "await ", "function ", "function(", "lambda ", "yield ", "return ",
    "async ", "typeof ", "not ",
];

/// What an encrypted value begins with (Ansible, sops, eyaml, jasypt, Spring, WebLogic, Jenkins,
/// Vault, PGP): it may lie there.
const ENCRYPTED: &[&str] =
    &["$ANSIBLE_VAULT", "ENC[", "ENC(", "{cipher}", "{AES", "{3DES}", "{AQAA", "vault:v1:", "-----BEGIN PGP MESSAGE"];

/// Values that are types or constants of a language.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "any", "bigint", "bool", "boolean", "bytes", "char", "const", "datetime", "dict", "enum", "false", "float",
    "function", "ident", "impl", "int", "integer", "list", "mut", "nan", "nil", "no", "none", "null",
    "nullptr", "number", "object", "off", "on", "option", "optional", "pub", "ref", "required", "self", "str",
    "string", "struct", "symbol", "text", "this", "true", "tuple", "type", "u8", "undefined", "unknown",
    "unsafe", "usize", "uuid", "var", "varchar", "void", "yes",
];

/// Directories that absolute paths lead through.
#[rustfmt::skip]
const ROOTS: &[&str] = &[
    "/Applications/", "/Library/", "/Users/", "/bin/", "/boot/", "/data/", "/dev/", "/etc/", "/home/", "/lib",
    "/mnt/", "/opt/", "/private/", "/proc/", "/root/", "/run/", "/secrets/", "/srv/", "/tmp/", "/usr/",
    "/var/",
];

/// `reference`: rejected where the value refers to a value.
pub(super) fn reference(value: &Value<'_>) -> Outcome {
    if is_reference(value) { Rejects } else { Fits }
}

/// Whether the value refers to one, by its form or, bare, by what stands around it.
pub(super) fn is_reference(value: &Value<'_>) -> bool {
    let text = value.text.trim();
    is_variable(text)
        || BEGINNINGS.iter().any(|b| text.starts_with(b))
        || ENCRYPTED.iter().any(|b| text.starts_with(b))
        || has_hole(text)
        || is_between_texts(text)
        || is_location(text)
        || is_keyword(text)
        || (!is_quoted(value) && (is_call(text) || is_code(value, text)))
}

/// Whether a quotation mark opens just before the value.
pub(super) fn is_quoted(value: &Value<'_>) -> bool {
    value.before.ends_with(['"', '\'', '`', '「', '“'])
}

/// `$NAME`, `$userName`, `%NAME%`, `@NAME@`, `__NAME__`, `:name`, `&name`, `*name` and nothing else.
fn is_variable(text: &str) -> bool {
    // `$3cr3t` and `$ecr3t` are passwords: a variable has digits at its end if anywhere.
    let is_plain =
        |name: &str| !name.trim_end_matches(|c: char| c.is_ascii_digit()).contains(|c: char| c.is_ascii_digit());
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|t| t.strip_suffix(close)).is_some_and(|name| is_identifier(name.trim()))
    };
    text.strip_prefix('$').is_some_and(|name| is_identifier(name) && is_plain(name))
        || inside("%", "%")
        || inside("@", "@")
        || inside("__", "__")
        || ["&", "*", ":"].iter().any(|sign| text.strip_prefix(sign).is_some_and(|n| is_identifier(n) && has_words(n)))
}

/// A hole that a program fills: `%s`, `{0}`, `{}`, `{{ x }}`, `${x}`, `<%= x %>`, `%(x)s` within.
fn has_hole(text: &str) -> bool {
    let has_pair = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    matches!(text, "%s" | "%d" | "%v" | "%q" | "%@" | "?" | "{}" | "{:?}" | "\\(")
        || has_pair("${", "}")
        || has_pair("{{", "}}")
        || has_pair("#{", "}")
        || has_pair("<%", "%>")
        || has_pair("%(", ")s")
        || has_pair("\\(", ")")
        || text.starts_with('{') && text.ends_with('}')
        || ["%s", "%d", "%v", "%@"].iter().map(|hole| text.matches(hole).count()).sum::<usize>() >= 2
}

/// What stands between two texts, or is put together from several: `, $x, `, `' + name + '`.
fn is_between_texts(text: &str) -> bool {
    let is_behind = matches!(text.as_bytes(), [b',' | b')' | b';' | b']', b' ', ..]);
    is_behind || ["' + ", "\" + ", "' . ", "\" . "].iter().any(|joint| text.contains(joint))
}

/// A path or an address: `/etc/x`, `./x`, `~/x`, `C:\x`, `https://…` without a password in it.
fn is_location(text: &str) -> bool {
    let is_relative = ["./", "../", "~/", "\\\\", "#/"].iter().any(|b| text.starts_with(b));
    let is_drive = matches!(text.as_bytes(), [d, b':', b'\\' | b'/', ..] if d.is_ascii_alphabetic());
    let is_absolute = text.starts_with('/') && (ROOTS.iter().any(|root| text.starts_with(root)) || is_route(text));
    let is_url = text
        .split_once("://")
        .is_some_and(|(scheme, rest)| is_identifier(&scheme.replace(['+', '-', '.'], "_")) && !rest.contains('@'));
    is_relative || is_drive || is_absolute || is_url
}

/// `/oauth/token`, `/api/v1/keys`: segments that look like words. Base64 may begin with `/` too.
fn is_route(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '{' | '}' | '*');
    let segments = text.split('/').skip(1).count();
    text.chars().all(is_part) && (has_words(text) || (segments >= 2 && likeness(text) >= 0))
}

fn is_keyword(text: &str) -> bool {
    let name = text.trim_start_matches(['&', '*', '?']).trim_end_matches(['?', '!', '*', '&']);
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(name))
}

/// `name(…`, `name[…`, `Type<…`, `name::…`, `name->…`, `"…" + name`
fn is_call(text: &str) -> bool {
    let name =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$'))).next().unwrap_or_default();
    let rest = &text[name.len()..];
    let is_name = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$');
    let is_closed = |close: char| rest.contains(close);
    is_name
        && ((rest.starts_with('(') && is_closed(')') && has_words_or_short(name))
            || (rest.starts_with('[') && is_closed(']'))
            || (rest.starts_with('<') && is_closed('>'))
            || rest.starts_with("::")
            || rest.starts_with("->")
            || rest.starts_with("?."))
}

/// A name of a program: words, or as short as `f`.
fn has_words_or_short(name: &str) -> bool {
    name.len() <= 8 || has_words(name)
}

/// Whether a bare value is a piece of code: by a sign of code around it, or by its own form, that
/// of a name (`user.password`, `apiKey`, `DB_PASS`), path (`token::Kind`), macro or typed number.
fn is_code(value: &Value<'_>, text: &str) -> bool {
    const SIGNS: &[&str] = &["(", "[", "->", "::", "?.", " ? ", " || ", " ?? ", " or ", " if ", " + "];
    let after = value.after;
    // The sign of assignment took one colon of two; `&` and `*` stand before names and types.
    let name = text.trim_start_matches([':', '&', '*', '!']);
    let is_macro = name.strip_suffix('!').is_some_and(is_identifier) && after.trim_start().starts_with(['(', '[', '{']);
    let is_annotation = value.before.trim_end().ends_with(':') && after.trim_start().starts_with('=');
    let is_file = text.contains('/') && !text.contains(|c: char| c.is_ascii_uppercase() || "+=@#$%!&".contains(c));
    let is_cut = (name.ends_with('-') && after.starts_with('>')) || (name.contains('&') && after.starts_with(';'));
    let is_begun = ["/^", "|", "\\", ":$"].iter().any(|sign| text.starts_with(sign)) && likeness(text) > 0;
    let is_private = text.starts_with('_') && is_identifier(text);
    let is_role = text.starts_with(':') && (text.ends_with(':') || is_path(name));
    if is_macro || is_annotation || is_file || is_cut || is_begun || is_private || is_role || is_typed_number(name) {
        return true;
    }
    if !name.split('.').all(is_identifier) {
        return is_path(name) && name.contains("::");
    }
    let is_member = matches!(after.as_bytes(), [b'.', b, ..] if b.is_ascii_alphabetic() || *b == b'_');
    is_member || SIGNS.iter().any(|sign| after.starts_with(sign)) || name.len() < text.len() || is_name(name)
}

/// Whether identifiers with dots between are named as programmers name things.
fn is_name(text: &str) -> bool {
    let is_constant = text.contains('_') && !text.contains(|c: char| c.is_ascii_lowercase());
    let stem = text.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or(text);
    let has_digit = stem.contains(|c: char| c.is_ascii_digit());
    let is_camel = text.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    is_constant || text.contains('.') || (!has_digit && (text.contains('_') || (is_camel && likeness(text) > 0)))
}

/// Names joined by `::`, perhaps with `<` or `&` of a type behind.
fn is_path(text: &str) -> bool {
    let text = text.split(['<', '&']).next().unwrap_or_default();
    text.split("::").all(is_identifier)
}

/// `0x1F`, `4096u32`, `1_000`: a number of a program and no run of digits.
fn is_typed_number(text: &str) -> bool {
    const LONGEST: usize = 18;
    let types =
        ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "ul", "UL", "u", "L"];
    let is_hexadecimal = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    let is_decimal = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let stem = types.iter().find_map(|t| text.strip_suffix(t)).unwrap_or_default();
    let is_grouped = text.contains('_') && is_decimal(text);
    text.len() <= LONGEST && (text.strip_prefix("0x").is_some_and(is_hexadecimal) || is_decimal(stem) || is_grouped)
}

/// Letters, digits and `_`, no digit first.
pub(super) fn is_identifier(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.bytes().next().is_some_and(|b| !b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(before: &str, text: &str, after: &str) -> Outcome {
        reference(&Value { text, before, after })
    }

    #[test]
    fn references() {
        for text in [
            "$DB_PASSWORD",
            "$password",
            "${SECRET}",
            "${SECRET:-x}",
            "$(pass show db)",
            "$env:SECRET",
            "%SECRET%",
            "@SECRET@",
            "__SECRET__",
            "${{ secrets.TOKEN }}",
            "((token))",
            "{{ .Values.password }}",
            "<%= secret %>",
            "<?php echo $x ?>",
            "#{secret}",
            "%(password)s",
            "%s",
            "{}",
            "{0}",
            "?",
            "process.env.TOKEN",
            "os.environ['TOKEN']",
            "ENV['X']",
            "System.getenv(\"X\")",
            "getenv(\"X\")",
            "config('services.key')",
            "vault:secret/data/db#password",
            "op://vault/item/field",
            "arn:aws:secretsmanager:ap-northeast-1:1:secret:x",
            "ENC[AES256_GCM,data:abc]",
            "{cipher}abc",
            "$ANSIBLE_VAULT;1.1;AES256",
            "/etc/ssl/private/key.pem",
            "./key.pem",
            "../secret",
            "~/.ssh/id_rsa",
            "C:\\secrets\\key",
            "file:///run/secrets/x",
            "https://login.acme.com/oauth2/token",
            "/oauth/token",
            "/api/v1/keys",
            "#/components/schemas/Token",
            "string",
            "String!",
            "null",
            "None",
            "true",
            "str",
            "&str",
            "user.password",
            "getPassword()",
            "args[1]",
            "Optional[str]",
            "Vec<u8>",
            "auth::token",
            "this->password",
            "user?.token",
            "apiKey",
            "user_password",
            "DB_PASS",
            "self.token",
            ":Kind::Token",
            ":SelfType",
            "TokenKind::Eof",
            "DOT11_WPS_PASSWORD_ID",
            "users/profile.png",
            "0x1F",
            "131072u32",
            "user_pass2",
        ] {
            assert_eq!(at("password = ", text, ""), Rejects, "{text}");
        }
        for after in ["(", "[0]", ".trim()", "->value", " || ''", " ?? null"] {
            assert_eq!(at("password = ", "secret1", after), Rejects, "{after}");
        }
    }

    #[test]
    fn values() {
        for text in [
            "",
            "hunter2",
            "$3cr3tP4ss",
            "$ecr3t",
            "hX7#kq2Lw",
            "pa$$w0rd",
            "a%b",
            "correct horse",
            "9f86d081884c7d65",
            "monkey",
            "/9kXz3+q",
            "kXvQmLpZabQe",
            "x@y!z",
            "Tr0ub4dor&3",
            "abc:def",
            "p(a)s1",
            "Summer2024!",
        ] {
            assert_eq!(at("password = \"", text, "\""), Fits, "{text}");
        }
        assert_eq!(at("PASSWORD=", "$ummer2024!", ""), Fits);
        // Quoted, a name is a text.
        assert_eq!(at("password = \"", "apiKey", "\""), Fits);
        assert_eq!(at("password: ", "hunter2", "."), Fits);
        assert_eq!(at("password: ", "hunter2", ". Then"), Fits);
    }
}
