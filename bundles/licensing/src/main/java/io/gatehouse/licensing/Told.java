package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.license.License;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the fleet was told last of each license and of each revocation list, which outlives the process. What cannot be read counts as not told. */
final class Told {
    private static final System.Logger LOG = System.getLogger(Told.class.getName());
    private static final String KEY = "told";

    /** By their names. */
    final Kind licenses = new Kind("licenses");

    /** By their topics. */
    final Kind lists = new Kind("lists");

    private final Store store;
    private boolean isChanged;

    /**
     * The last that was told.
     *
     * @param license which one it was of, where that could be read
     * @param what that another word is told of
     */
    record Word(Optional<License.Id> license, String what) {
        private static Word read(Members members) {
            Optional<License.Id> license = members.optionalString("iss")
                    .flatMap(issuer -> members.optionalString("jti").map(jti -> new License.Id(issuer, jti)));
            return new Word(license, members.string("word"));
        }

        private Map<String, Object> write() {
            Map<String, Object> members = new LinkedHashMap<>();
            license.ifPresent(id -> {
                members.put("iss", id.issuer());
                members.put("jti", id.jti());
            });
            members.put("word", what);
            return members;
        }
    }

    /** What was told of one kind of documents. */
    final class Kind {
        private final String name;
        private final Map<String, Word> words = new TreeMap<>();

        private Kind(String name) {
            this.name = name;
        }

        Optional<Word> of(String document) {
            return Optional.ofNullable(words.get(document));
        }

        void set(String document, Word word) {
            words.put(document, word);
            isChanged = true;
        }

        void forget(String document) {
            words.remove(document);
            isChanged = true;
        }

        /** In the order of their names; what is done may forget them. */
        void forEach(BiConsumer<String, Word> what) {
            new TreeMap<>(words).forEach(what);
        }

        private void read(Members all) {
            Members members = all.object(name);
            members.values().keySet().forEach(one -> words.put(one, Word.read(members.object(one))));
        }

        private Map<String, Object> write() {
            Map<String, Object> members = new LinkedHashMap<>();
            words.forEach((document, word) -> members.put(document, word.write()));
            return members;
        }
    }

    Told(Store store) {
        this.store = store;
        try {
            Optional<Members> all = store.get(KEY).map(Json::read);
            all.ifPresent(licenses::read);
            all.ifPresent(lists::read);
        } catch (IOException | BadArgument e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read the store's \"" + KEY + "\": all of it is told again", e);
        }
    }

    /** Brings what changed to the store, which brings it to flash within its time. */
    void keep() {
        if (isChanged) {
            try {
                store.put(KEY, Json.write(Map.of(licenses.name, licenses.write(), lists.name, lists.write())));
                isChanged = false;
            } catch (NoRoom e) {
                LOG.log(System.Logger.Level.WARNING, "the next process tells again what was told of licenses", e);
            }
        }
    }
}
