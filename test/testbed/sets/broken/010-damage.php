<?php
// Damaged rows. Each page is one accident, between sound revisions, so that what survives can be seen.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$accident = static function ( string $name, callable $damage ) use ( $scribe, $zoe ) {
		$scribe->store( "Broken $name", "sound before $name", $zoe );
		$revision = $scribe->store( "Broken $name", "damaged by $name", $zoe, [ 'summary' => "victim of $name" ] );
		$damage( $revision );
		$scribe->store( "Broken $name", "sound after $name", $zoe );
	};
	$text = static fn ( array $set ) => static fn ( int $revision ) =>
		$scribe->alter( 'text', $set, [ 'old_id' => $scribe->textId( $revision ) ] );
	$content = static fn ( array $set ) => static fn ( int $revision ) =>
		$scribe->alter( 'content', $set, [ 'content_id' => $scribe->contentId( $revision ) ] );
	$revision = static fn ( array $set ) => static fn ( int $id ) => $scribe->alter( 'revision', $set, [ 'rev_id' => $id ] );

	$accident( 'text row', static function ( int $id ) use ( $scribe ) {
		$scribe->db->delete( 'text', [ 'old_id' => $scribe->textId( $id ) ], __METHOD__ );
	} );
	$accident( 'error flag', $text( [ 'old_flags' => 'error' ] ) );
	$accident( 'gzip', $text( [ 'old_text' => 'this is not deflated', 'old_flags' => 'utf-8,gzip' ] ) );
	$accident( 'text id zero', $content( [ 'content_address' => 'tt:0' ] ) );
	$accident( 'external address', $text( [ 'old_text' => 'DB://nocluster/1', 'old_flags' => 'external,utf-8' ] ) );
	$accident( 'bad address', $content( [ 'content_address' => 'bad:lost%20by%20somebody' ] ) );
	$accident( 'emptied text', $text( [ 'old_text' => '' ] ) );
	$accident( 'wrong hash', $content( [ 'content_sha1' => str_repeat( '0', 31 ) ] ) );
	$accident( 'slot', static function ( int $id ) use ( $scribe ) {
		$scribe->db->delete( 'slots', [ 'slot_revision_id' => $id ], __METHOD__ );
	} );
	$accident( 'comment', static function ( int $id ) use ( $scribe ) {
		$scribe->db->delete( 'revision_comment_temp', [ 'revcomment_rev' => $id ], __METHOD__ );
	} );
	$accident( 'actor', $revision( [ 'rev_actor' => 999999 ] ) );
	$accident( 'timestamp of NULs', $revision( [ 'rev_timestamp' => str_repeat( "\0", 14 ) ] ) );
	$accident( 'timestamp zero', $revision( [ 'rev_timestamp' => '00000000000000' ] ) );
	$accident( 'model id', $content( [ 'content_model' => 999 ] ) );
	$accident( 'model', static function ( int $id ) use ( $scribe, $content ) {
		$scribe->db->insert( 'content_models', [ 'model_name' => 'model-of-a-lost-extension' ], __METHOD__ );
		$content( [ 'content_model' => $scribe->db->insertId() ] )( $id );
	} );
	$accident( 'object', $text( [ 'old_text' => serialize( (object)[ 'a' => 1 ] ), 'old_flags' => 'object,utf-8' ] ) );
	$accident( 'truncated object', $text( [ 'old_text' => 'O:27:"concatenatedgziphistoryblob":4:{s:8:"mV', 'old_flags' => 'object,utf-8' ] ) );
	$scribe->edit( 'Sound page', 'the end', $zoe );
};
