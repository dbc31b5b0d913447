//! The texts of watching, quarantine and schedule, and the names of places.

use std::borrow::Cow;

use super::{Lang, say};
use crate::finding::Place;

/// A kind of place for people; none for the ordinary one.
pub fn place(lang: Lang, place: Place) -> Option<Cow<'static, str>> {
    Some(match place {
        Place::Local => return None,
        Place::Removable => say!(lang, "removable medium", "取り外し可能な媒体"),
        Place::Network => say!(lang, "network share", "ネットワーク共有"),
        Place::CloudSync(service) => say!(lang, "synced to the cloud: {service}", "クラウド同期: {service}"),
        Place::PrintSpool => say!(lang, "print spool", "印刷待ち"),
        Place::Temp => say!(lang, "temporary folder", "一時フォルダー"),
        Place::Trash => say!(lang, "trash", "ごみ箱"),
    })
}

/// What watching, quarantine and schedule tell the user.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Notice<'a> {
    Watching(&'a str),
}

impl Notice<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            Notice::Watching(path) => {
                say!(lang, "Watching {path}. End with Ctrl-C.", "{path} を監視しています。終了は Ctrl-C。")
            }
        }
    }
}
