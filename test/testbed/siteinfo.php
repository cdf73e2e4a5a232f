<?php
/** Prints what the wiki's api.php answers (formatversion=2) to a question for siteinfo, without a web server. */
require_once getenv( 'MW_INSTALL_PATH' ) . '/maintenance/Maintenance.php';

class PrintSiteInfo extends Maintenance {
	public function execute() {
		$api = new ApiMain( new FauxRequest( [
			'action' => 'query',
			'meta' => 'siteinfo',
			'siprop' => 'general|namespaces|namespacealiases|magicwords|interwikimap',
		] ) );
		$api->execute();
		// The printers turn the result into formatversion=2 by just these steps.
		$answer = $api->getResult()->getResultData( null, [ 'Types' => [ 'AssocAsObject' => true ], 'Strip' => 'all' ] );
		$this->output( json_encode( $answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ) );
	}
}

$maintClass = PrintSiteInfo::class;
require_once RUN_MAINTENANCE_IF_MAIN;
