<?php
/**
 * Fills a test wiki with the cases of one set: every file of sets/<set>/, in the order of its name.
 * A file returns a function that is given a Scribe. The clock is faked, so that two runs give the same wiki.
 *
 *   php fill.php --set=wicked
 */
require_once getenv( 'MW_INSTALL_PATH' ) . '/maintenance/Maintenance.php';
require_once __DIR__ . '/lib/xdiff.php';
require_once __DIR__ . '/lib/Scribe.php';

class FillWiki extends Maintenance {
	public function __construct() {
		parent::__construct();
		$this->addOption( 'set', 'Folder below sets/', true, true );
	}

	public function execute() {
		$scribe = new Scribe( $this->getDB( DB_PRIMARY ) );
		foreach ( glob( __DIR__ . '/sets/' . basename( $this->getOption( 'set' ) ) . '/*.php' ) as $file ) {
			( require $file )( $scribe );
			DeferredUpdates::doUpdates();
		}
	}
}

$maintClass = FillWiki::class;
require_once RUN_MAINTENANCE_IF_MAIN;
