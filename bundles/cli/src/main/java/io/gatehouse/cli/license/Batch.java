package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.WholeFile;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.trust.Jwt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Issues the licenses of many devices into a folder: all are signed before the first is written. */
public final class Batch {
    private final Jwt.Signer signer;
    private final Screen screen;

    public Batch(Jwt.Signer signer, Screen screen) {
        this.signer = signer;
        this.screen = screen;
    }

    /**
     * Issues them.
     *
     * @param folder is made where it is not there
     * @return the files, by their devices
     * @throws Trouble if one is there already, or one cannot be signed, and none is written then; or one cannot be written
     */
    public Map<String, Path> issue(DeviceList list, Path folder) throws Trouble {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String device : list.licenses().keySet()) {
            Path file = folder.resolve(DeviceList.fileName(device));
            if (Files.exists(file)) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        file
                                + " is there already, and no license is overwritten: name another --out; nothing was issued");
            }
            files.put(device, file);
        }
        Map<String, String> tokens = new LinkedHashMap<>();
        for (Map.Entry<String, License> one : list.licenses().entrySet()) {
            draw("sign", tokens.size(), files.size(), one.getKey());
            tokens.put(one.getKey(), Token.sign(signer, one.getValue()));
        }
        make(folder);
        int written = 0;
        for (Map.Entry<String, String> one : tokens.entrySet()) {
            draw("write", written++, files.size(), one.getKey());
            TokenFile.write(files.getOrDefault(one.getKey(), folder), one.getValue());
        }
        screen.draw(List.of());
        return files;
    }

    private void draw(String verb, int done, int all, String device) {
        screen.draw(
                List.of(Bar.of((double) done / all) + "  " + verb + " " + (done + 1) + " of " + all + "  " + device));
    }

    private static void make(Path folder) throws Trouble {
        try {
            WholeFile.makeFolder(folder);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot make the folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
