package io.gatehouse.cli.dev;

import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/**
 * Notes what sources declare: types, members, annotations and constants, and neither what methods do nor what comments say. A bundle's manifest
 * and its component descriptions are made of that, and of the packages that its classes use.
 */
@SupportedAnnotationTypes("*")
final class Declarations extends AbstractProcessor {
    private final Map<String, String> byName = new TreeMap<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (Element root : round.getRootElements()) {
            StringWriter text = new StringWriter();
            processingEnv.getElementUtils().printElements(text, root);
            byName.put(root.getKind() + " " + root, withoutComments(text.toString()));
        }
        return false;
    }

    private static String withoutComments(String text) {
        return text.lines()
                .filter(line -> !line.strip().startsWith("/**") && !line.strip().startsWith("*"))
                .collect(Collectors.joining("\n"));
    }

    /** All of them, in an order of their own. */
    String text() {
        return byName.toString();
    }
}
