package io.gatehouse.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.logging.LogManager;
import org.osgi.service.component.annotations.Component;

/** The rules of ARCHITECTURE.md and CONTRIBUTING.md that a machine can hold. */
@AnalyzeClasses(packages = "io.gatehouse", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.gatehouse.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule pahoLivesInTheMqttTransportAlone = noClasses()
            .that()
            .resideOutsideOfPackage("io.gatehouse.transport.mqtt..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.paho..");

    @ArchTest
    static final ArchRule minaLivesWhereSshIsSpoken = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.gatehouse.tunnel.ssh..",
                    "io.gatehouse.terminal..",
                    "io.gatehouse.cli.reach..",
                    "org.apache.sshd..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.sshd..");

    @ArchTest
    static final ArchRule transportsCollectorsAndDoorsAreMetAsServicesOnly = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.gatehouse.transport..",
                    "io.gatehouse.collector..",
                    "io.gatehouse.tunnel..",
                    "io.gatehouse.terminal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.gatehouse.transport..",
                    "io.gatehouse.collector..",
                    "io.gatehouse.tunnel..",
                    "io.gatehouse.terminal..");

    @ArchTest
    static final ArchRule onlyThoseThatReadOrWriteDocumentsKnowTheProtocol = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.gatehouse.api..",
                    "io.gatehouse.software..",
                    "io.gatehouse.program..",
                    "io.gatehouse.transport..",
                    "io.gatehouse.collector..",
                    "io.gatehouse.tasks..",
                    "io.gatehouse.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gatehouse.protocol..");

    @ArchTest
    static final ArchRule theLauncherDependsOnNoBundle = noClasses()
            .that()
            .resideInAnyPackage("io.gatehouse.launcher..", "io.gatehouse.software..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gatehouse.api..");

    @ArchTest
    static final ArchRule bundlesDoNotLeanOnEachOther = slices().matching("io.gatehouse.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
                    com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                            "io.gatehouse.api..",
                            "io.gatehouse.protocol..",
                            "io.gatehouse.software..",
                            "io.gatehouse.program.."));

    // Felix SCR calls public constructors of public classes alone; that their packages are not exported hides them.
    @ArchTest
    static final ArchRule componentsAreFinal =
            classes().that().areAnnotatedWith(Component.class).should().haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule nothingIsNamedForWantOfABetterWord = noClasses()
            .that()
            .areNotAssignableTo(LogManager.class) // the JDK's own word
            .should()
            .haveNameMatching(".*(Impl|Helper|Util|Utils|Manager)");

    @ArchTest
    static final ArchRule noExceptionIsGeneric = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule noStateIsStatic = noFields()
            .that()
            .areStatic()
            .should()
            .notBeFinal()
            .because("what is shared is handed over, so that two of it can live side by side");
}
