//! Is a disk one that can be carried away? Asked of sysfs (sysfs-block, sysfs-devices-removable).

use std::path::{Path, PathBuf};

/// Disks under disks (encryption, volumes) that are followed.
const DEEPEST: usize = 8;

/// Is the device `major:minor` on a medium that can be carried away? `sys` is where sysfs is
/// mounted, `/sys`. `false` where sysfs does not know the device.
///
/// A disk counts if the kernel calls its medium removable (sticks, card readers), or if it
/// hangs on USB, FireWire or Thunderbolt (external disks call themselves fixed); through
/// encryption and logical volumes down to the real disks.
pub fn removable(sys: &Path, device: (u32, u32)) -> bool {
    let link = sys.join("dev/block").join(format!("{}:{}", device.0, device.1));
    link.canonicalize().is_ok_and(|disk| is_removable(sys, disk, 0))
}

fn is_removable(sys: &Path, disk: PathBuf, depth: usize) -> bool {
    let on_bus = disk.strip_prefix(sys).unwrap_or(&disk).components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        let numbered =
            |bus: &str| part.strip_prefix(bus).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        numbered("usb") || numbered("fw") || part.starts_with("thunderbolt")
    });
    // A partition has no such file; its disk is the folder above it.
    let says = |folder: &Path| {
        let answer = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        // A card in a slot of its own calls its medium fixed, and its kind `SD` (built-in: `MMC`).
        matches!(answer("removable").trim(), "1" | "removable") || answer("device/type").trim() == "SD"
    };
    if on_bus || says(&disk) || disk.parent().is_some_and(says) {
        return true;
    }
    let below = |folder: &Path| std::fs::read_dir(folder.join("slaves")).into_iter().flatten().flatten();
    depth < DEEPEST
        && below(&disk).any(|entry| entry.path().canonicalize().is_ok_and(|disk| is_removable(sys, disk, depth + 1)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn sticks_external_disks_and_what_lies_encrypted_on_them() {
        let folder = tempfile::tempdir().expect("folder");
        let sys = folder.path().canonicalize().expect("real");
        fs::create_dir_all(sys.join("dev/block")).expect("folder");
        let disk = |number: &str, path: &str, removable: &str| {
            let path = sys.join("devices").join(path);
            fs::create_dir_all(&path).expect("folder");
            if !removable.is_empty() {
                fs::write(path.join("removable"), format!("{removable}\n")).expect("file");
            }
            symlink(&path, sys.join("dev/block").join(number)).expect("link");
            path
        };
        disk("259:0", "pci0/nvme/nvme0n1", "0");
        disk("8:0", "pci0/ata1/block/sda", "0");
        disk("8:1", "pci0/ata1/block/sda/sda1", "");
        disk("8:16", "pci0/usb3/3-1/block/sdb", "0");
        let stick = disk("8:17", "pci0/usb3/3-1/block/sdb/sdb1", "");
        disk("179:0", "platform/mmc0/block/mmcblk0", "1");
        disk("179:1", "platform/mmc0/block/mmcblk0/mmcblk0p1", "");
        let card = disk("179:8", "platform/mmc1/block/mmcblk1", "0");
        fs::create_dir(card.join("device")).expect("folder");
        fs::write(card.join("device/type"), "SD\n").expect("file");
        let crypt = disk("253:1", "virtual/block/dm-1", "0");
        fs::create_dir(crypt.join("slaves")).expect("folder");
        symlink(&stick, crypt.join("slaves/sdb1")).expect("link");
        // A disk that lies on itself must not be followed for ever.
        let odd = disk("253:2", "virtual/block/dm-2", "0");
        fs::create_dir(odd.join("slaves")).expect("folder");
        symlink(&odd, odd.join("slaves/dm-2")).expect("link");

        for (device, expected) in [
            ((259, 0), false),
            ((8, 1), false),
            ((8, 17), true),
            ((179, 1), true),
            ((179, 8), true),
            ((253, 1), true),
            ((253, 2), false),
            ((0, 40), false),
        ] {
            assert_eq!(removable(&sys, device), expected, "{device:?}");
        }
    }
}
