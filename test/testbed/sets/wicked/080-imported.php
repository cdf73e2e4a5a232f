<?php
// Imported revisions: users from elsewhere, times older than the parent's, and a latest that has not the greatest id.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$scribe->store( 'Imported page', 'one', $scribe->stranger( 'enwiki>Some One' ), [ 'summary' => 'imported', 'at' => '20050102030405' ] );
	$scribe->store( 'Imported page', 'two', $scribe->stranger( 'imported>Zoë' ), [ 'minor' => true, 'at' => '20040102030405' ] );
	$scribe->store( 'Imported page', 'three', $scribe->stranger( 'Unknown user' ), [ 'at' => '20010115192713' ] );
	$latest = $scribe->store( 'Imported page', 'four, the latest', $zoe, [ 'at' => '20060102030405' ] );
	$scribe->store( 'Imported page', 'five, greater id but older', $zoe, [ 'at' => '20030102030405' ] );
	$page = (int)$scribe->db->selectField( 'revision', 'rev_page', [ 'rev_id' => $latest ], __METHOD__ );
	$scribe->alter( 'page', [ 'page_latest' => $latest ], [ 'page_id' => $page ] );
	for ( $i = 1; $i <= 300; $i++ ) {
		$scribe->store( 'Many revisions', "Revision $i\n" . str_repeat( "line $i\n", $i % 40 ), $i % 7 ? $zoe : $scribe->stranger( '192.0.2.33' ),
			[ 'summary' => "edit $i", 'minor' => $i % 5 === 0 ] );
	}
};
