<?php
// External storage beyond what a fresh wiki writes: several texts in one blob, each with an address of its own.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$store = MediaWiki\MediaWikiServices::getInstance()->getExternalStoreAccess();
	$forms = [ new ConcatenatedGzipHistoryBlob(), new DiffHistoryBlob() ];
	foreach ( $forms as $blob ) {
		$title = 'In a ' . get_class( $blob );
		$texts = [];
		for ( $i = 0; $i < 6; $i++ ) {
			$texts[] = str_repeat( "A line of $title that stays.\n", 30 ) . str_repeat( "é changed $i\n", $i + 1 );
		}
		$revisions = [];
		$items = [];
		foreach ( $texts as $text ) {
			$revisions[] = $scribe->store( $title, $text, $zoe );
			$items[] = $blob->addItem( $text );
		}
		$address = $store->insert( serialize( $blob ) );
		foreach ( $revisions as $i => $revision ) {
			$scribe->alter( 'text', [ 'old_text' => "$address/{$items[$i]}", 'old_flags' => 'external,utf-8' ],
				[ 'old_id' => $scribe->textId( $revision ) ] );
		}
	}
	// Plain and compressed texts stand beside external ones in a wiki that changed its configuration.
	$plain = $scribe->store( 'Beside', 'a plain text', $zoe );
	$scribe->alter( 'text', [ 'old_text' => 'a plain text', 'old_flags' => 'utf-8' ], [ 'old_id' => $scribe->textId( $plain ) ] );
};
