/** What a thermometer is to other plug-ins. */
@Export
@Version("1.0.0")
package com.example.thermometer.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
