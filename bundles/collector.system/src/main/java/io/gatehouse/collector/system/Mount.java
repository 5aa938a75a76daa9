package io.gatehouse.collector.system;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/** One line of {@code /proc/self/mounts}. */
record Mount(String device, String point, String type, boolean isReadOnly) {
    /** Without storage behind them. */
    private static final Set<String> PSEUDO = Set.of(
            "autofs",
            "binfmt_misc",
            "bpf",
            "cgroup",
            "cgroup2",
            "configfs",
            "debugfs",
            "devfs",
            "devpts",
            "devtmpfs",
            "efivarfs",
            "fusectl",
            "fuse.lxcfs",
            "hugetlbfs",
            "mqueue",
            "nsfs",
            "proc",
            "pstore",
            "ramfs",
            "rootfs",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "sysfs",
            "tmpfs",
            "tracefs");

    /** On another machine: no storage of this one, and each may hang for as long as the other does not answer. */
    private static final Set<String> REMOTE = Set.of(
            "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs");

    /** The file systems on storage of this machine, each once: at the shortest of the places where it is mounted. */
    static Collection<Mount> onStorage(String mounts) {
        Map<String, Mount> byDevice = new LinkedHashMap<>();
        StringTokenizer lines = new StringTokenizer(mounts, "\n");
        while (lines.hasMoreTokens()) {
            StringTokenizer words = new StringTokenizer(lines.nextToken(), " ");
            if (words.countTokens() < 4) {
                continue;
            }
            Mount mount = next(words);
            if (mount.isOnStorage()) {
                byDevice.merge(mount.key(), mount, (a, b) -> b.point.length() < a.point.length() ? b : a);
            }
        }
        return byDevice.values();
    }

    private static Mount next(StringTokenizer words) {
        String device = unescaped(words.nextToken());
        String point = unescaped(words.nextToken());
        String type = words.nextToken();
        String options = words.nextToken();
        return new Mount(device, point, type, options.equals("ro") || options.startsWith("ro,"));
    }

    private boolean isOnStorage() {
        boolean isPackage = type.equals("squashfs") && device.startsWith("/dev/loop");
        return !PSEUDO.contains(type) && !REMOTE.contains(type) && !isPackage;
    }

    /** What one file system has in common wherever it is mounted; those without a device are told apart by place. */
    private String key() {
        return device.startsWith("/") ? device : device + " " + point;
    }

    /** The kernel writes blank, tab, newline and backslash as three octal digits. */
    private static String unescaped(String word) {
        if (word.indexOf('\\') < 0) {
            return word;
        }
        StringBuilder text = new StringBuilder(word.length());
        for (int at = 0; at < word.length(); at++) {
            char c = word.charAt(at);
            if (c == '\\' && at + 3 < word.length()) {
                text.append((char) Integer.parseInt(word, at + 1, at + 4, 8));
                at += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
