//! [`Place`]: what kind of place a file lives in. Inert; `place` finds out.

/// What kind of place a file lives in, as far as a rule about media and copies cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Place {
    /// A disk of this machine.
    #[default]
    Local,
    /// A medium that can be carried away: USB stick, memory card, phone.
    Removable,
    /// Another machine's disk.
    Network,
    /// A folder that a service copies into its cloud; the service's name for people.
    CloudSync(&'static str),
    /// Waiting to be printed, or printed to a file.
    PrintSpool,
    /// A folder for temporary files.
    Temp,
    /// Deleted, but still there.
    Trash,
}

impl Place {
    /// The name in JSON output; part of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Place::Local => "local",
            Place::Removable => "removable",
            Place::Network => "network",
            Place::CloudSync(_) => "cloud-sync",
            Place::PrintSpool => "print-spool",
            Place::Temp => "temp",
            Place::Trash => "trash",
        }
    }

    /// The service that syncs the folder, by its name for people.
    pub fn service(self) -> Option<&'static str> {
        match self {
            Place::CloudSync(service) => Some(service),
            _ => None,
        }
    }

    /// Does what lies here leave the machine by itself or in somebody's pocket?
    pub fn leaves_the_machine(self) -> bool {
        matches!(self, Place::Removable | Place::Network | Place::CloudSync(_))
    }
}
