package io.gatehouse.cli.dev;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class file uses of others, as its constant pool says it (The Java Virtual Machine Specification, 4.4).
 *
 * @param release of Java that it is for
 * @param packages that it refers to, {@code /} between their levels
 * @param findsByName whether it calls {@code Class.forName}, in which case a text may be a class's name
 */
record ClassFile(int release, Set<String> packages, boolean findsByName) {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int RELEASE_OF_MAJOR_ZERO = 44;
    private static final Pattern TYPE = Pattern.compile("L([^;<]+)/[^/;<]+[;<]");

    ClassFile {
        packages = Set.copyOf(packages);
    }

    /**
     * Reads one.
     *
     * @throws IOException if it is none, or of a form that is not known
     */
    static ClassFile read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readUnsignedShort(); // minor
        int release = in.readUnsignedShort() - RELEASE_OF_MAJOR_ZERO;
        Pool pool = Pool.read(in);
        return new ClassFile(release, pool.packages(), pool.findsByName());
    }

    /** The constants that name types. */
    private record Pool(
            Map<Integer, String> texts, List<Integer> classes, List<Integer> descriptors, List<int[]> names) {
        static Pool read(DataInputStream in) throws IOException {
            Pool pool = new Pool(new HashMap<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            int count = in.readUnsignedShort();
            for (int index = 1; index < count; index++) {
                int tag = in.readUnsignedByte();
                pool.read(tag, index, in);
                if (tag == 5 || tag == 6) {
                    index++; // a long and a double take two places
                }
            }
            return pool;
        }

        private void read(int tag, int index, DataInputStream in) throws IOException {
            switch (tag) {
                case 1 -> texts.put(index, in.readUTF());
                case 3, 4 -> in.readInt();
                case 5, 6 -> in.readLong();
                case 7 -> classes.add(in.readUnsignedShort());
                case 8, 19, 20 -> in.readUnsignedShort();
                case 9, 10, 11, 17, 18 -> in.readInt();
                case 12 -> {
                    int name = in.readUnsignedShort();
                    int descriptor = in.readUnsignedShort();
                    names.add(new int[] {name, descriptor});
                    descriptors.add(descriptor);
                }
                case 15 -> in.skipBytes(3);
                case 16 -> descriptors.add(in.readUnsignedShort());
                default -> throw new IOException("unknown constant: " + tag);
            }
        }

        Set<String> packages() {
            Set<String> packages = new TreeSet<>();
            for (int index : classes) {
                String name = texts.getOrDefault(index, "");
                add(name.startsWith("[") ? name : "L" + name + ";", packages);
            }
            descriptors.forEach(index -> add(texts.getOrDefault(index, ""), packages));
            return packages;
        }

        private static void add(String descriptor, Set<String> packages) {
            Matcher type = TYPE.matcher(descriptor);
            while (type.find()) {
                packages.add(type.group(1));
            }
        }

        boolean findsByName() {
            return names.stream()
                    .anyMatch(name -> "forName".equals(texts.get(name[0]))
                            && texts.getOrDefault(name[1], "").endsWith(")Ljava/lang/Class;"));
        }
    }
}
