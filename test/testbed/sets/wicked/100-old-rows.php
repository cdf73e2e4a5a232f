<?php
// Rows as older software left them: no length, no hash, no parent, text flags in every form, objects in the text table.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$store = static fn ( string $text ) => $scribe->store( 'Old rows', $text, $zoe );
	$keep = static function ( int $revision, string $bytes, string $flags ) use ( $scribe ) {
		$scribe->alter( 'text', [ 'old_text' => $bytes, 'old_flags' => $flags ], [ 'old_id' => $scribe->textId( $revision ) ] );
	};
	$id = $store( 'no length, hash or parent' );
	$scribe->alter( 'revision', [ 'rev_len' => null, 'rev_sha1' => '', 'rev_parent_id' => null ], [ 'rev_id' => $id ] );
	$id = $store( 'no length and hash' );
	$scribe->alter( 'revision', [ 'rev_len' => null, 'rev_sha1' => '' ], [ 'rev_id' => $id ] );
	$id = $store( 'parent is zero' );
	$scribe->alter( 'revision', [ 'rev_parent_id' => 0 ], [ 'rev_id' => $id ] );
	foreach ( [ '', 'utf-8', 'utf8' ] as $flags ) {
		$text = "flags '$flags' and é";
		$keep( $store( $text ), $text, $flags );
	}
	foreach ( [ 'gzip', 'gzip,utf-8', 'utf-8,gzip', 'utf8,gzip' ] as $flags ) {
		$text = "flags '$flags' and é";
		$keep( $store( $text ), gzdeflate( $text ), $flags );
	}
	// Two revisions in one block, in the text table itself; the second by a stub that points at the first's row.
	$blob = new ConcatenatedGzipHistoryBlob();
	$first = $store( 'first of a block, é' );
	$second = $store( 'second of a block' );
	$blob->addItem( 'first of a block, é' );
	$hash = $blob->addItem( 'second of a block' );
	$blob->setText( 'first of a block, é' );
	$keep( $first, serialize( $blob ), 'object,utf-8' );
	$stub = new HistoryBlobStub( $hash );
	$stub->setLocation( $scribe->textId( $first ) );
	$keep( $second, serialize( $stub ), 'object,utf-8' );
	$diff = new DiffHistoryBlob();
	$diff->addItem( str_repeat( "A line that stays the same.\n", 20 ) . 'One' );
	$default = str_repeat( "A line that stays the same.\n", 20 ) . 'Two';
	$diff->setText( $default );
	$keep( $store( $default ), serialize( $diff ), 'object,utf-8' );
	// The page row counts wrongly; a page row without revisions; a revision without its page.
	$empty = $scribe->page( 'Page without revisions' );
	$empty->insertOn( $scribe->db );
	$orphan = $scribe->store( 'Page that vanished', 'nobody finds this', $zoe );
	$scribe->db->delete( 'page', [ 'page_latest' => $orphan ], __METHOD__ );
	// Actors whose user is gone.
	$gone = $scribe->store( 'Actors', 'by a user whose account is gone', $scribe->person( 'Gone account' ) );
	$scribe->alter( 'actor', [ 'actor_user' => null ], [ 'actor_name' => 'Gone account' ] );
	$scribe->store( 'Actors', 'the last', $zoe );
	$scribe->edit( 'Last page', 'the end', $zoe );
};
