//! Values that say where a value is: variables, templates, calls, paths, addresses, types.
//!
//! A candidate and its neighbours in; whether it is code or a pointer and not the thing itself
//! out. A quoted text is taken by its word, a bare one may be a name of the program.

use super::Outcome::{self, Fits, Rejects};
use super::Value;
use super::words::{has_words, likeness};

/// What a reference may begin with: sigils, look-ups in code, vaults and their schemes.
const BEGINNINGS: &[&str] = &[
    "${",
    "$(",
    "$[",
    "$env:",
    "$_",
    "$this",
    "{{",
    "{%",
    "<%",
    "<?",
    "#{",
    "((",
    "[[",
    "@{",
    "env.",
    "env(",
    "ENV[",
    "ENV.",
    "process.env",
    "os.environ",
    "os.getenv",
    "getenv",
    "System.get",
    "Deno.env",
    "import.meta",
    "secrets.",
    "vars.",
    "var.",
    "local.",
    "data.",
    "module.",
    "config.",
    "settings.",
    "self.",
    "this.",
    "props.",
    "state.",
    "params.",
    "args.",
    "request.",
    "req.",
    "vault:",
    "vault/",
    "secret://",
    "op://",
    "ref+",
    "ssm:",
    "arn:aws:",
    "awssm:",
    "sops:",
    "keyring:",
    "keychain:",
    "file:",
    "env:",
    "classpath:",
    "resource:",
    "projects/",
    "@Microsoft.KeyVault",
    "!vault",
    "!Ref",
    "!Sub",
    "!ENV",
    "!env_var",
    "!secret",
    "Fn::",
    "new ",
    "await ",
    "function ",
    "function(",
    "lambda ",
    "yield ",
    "return ",
    "async ",
    "typeof ",
    "not ",
];

/// What an encrypted value begins with (Ansible, sops, eyaml, jasypt, Spring, WebLogic, Jenkins,
/// Vault, PGP): it may lie there.
const ENCRYPTED: &[&str] =
    &["$ANSIBLE_VAULT", "ENC[", "ENC(", "{cipher}", "{AES", "{3DES}", "{AQAA", "vault:v1:", "-----BEGIN PGP MESSAGE"];

/// Values that are types or constants of a language.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "any", "bigint", "bool", "boolean", "bytes", "char", "const", "datetime", "dict", "false", "float", "int",
    "integer", "list", "nan", "nil", "none", "null", "nullptr", "number", "object", "option", "optional",
    "required", "self", "str", "string", "symbol", "text", "this", "true", "tuple", "type", "undefined",
    "unknown", "uuid", "varchar", "void", "yes", "no", "on", "off",
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
        || is_location(text)
        || is_keyword(text)
        || (!is_quoted(value) && (is_call(text) || is_name(text, value.after)))
}

/// Whether a quotation mark opens just before the value.
fn is_quoted(value: &Value<'_>) -> bool {
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

/// Whether a bare value is a name of the program: by a sign of code behind it, or by its own form
/// (`user.password`, `apiKey`, `DB_PASS`).
fn is_name(text: &str, after: &str) -> bool {
    const SIGNS: &[&str] = &["(", "[", "->", "::", "?.", " ? ", " || ", " ?? ", " or ", " if ", " + "];
    if !text.split('.').all(is_identifier) {
        return false;
    }
    let is_member = matches!(after.as_bytes(), [b'.', b, ..] if b.is_ascii_alphabetic() || *b == b'_');
    let is_used = is_member || SIGNS.iter().any(|sign| after.starts_with(sign));
    let is_camel = text.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    is_used || (!has_digit && (text.contains(['_', '.']) || (is_camel && likeness(text) > 0)))
}

/// Letters, digits and `_`, no digit first.
fn is_identifier(text: &str) -> bool {
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
        // Quoted, a name is a text.
        assert_eq!(at("password = \"", "apiKey", "\""), Fits);
        assert_eq!(at("password: ", "hunter2", "."), Fits);
        assert_eq!(at("password: ", "hunter2", ". Then"), Fits);
    }
}
